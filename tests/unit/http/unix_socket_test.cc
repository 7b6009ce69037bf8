#include "http/unix_socket.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "support/temporary_folder.h"

namespace headroom::http {
namespace {

using testing::HasSubstr;

class UnixSocketTest : public testing::Test {
 protected:
  ~UnixSocketTest() override { close(socket_); }

  void Bind() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ASSERT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }

  const support::TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "headroom.sock";
  const int socket_ = socket(AF_UNIX, SOCK_STREAM, 0);
};

TEST_F(UnixSocketTest, IsRemovedWhereNobodyListens) {
  EXPECT_TRUE(RemoveStaleSocket(path_).ok()) << "there is none";
  Bind();
  EXPECT_TRUE(RemoveStaleSocket(path_).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, StaysWhereSomebodyDoes) {
  Bind();
  ASSERT_EQ(listen(socket_, 1), 0);
  EXPECT_THAT(std::string(RemoveStaleSocket(path_).message()), HasSubstr("another process"));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, AFileOfAnotherKindStays) {
  folder_.Write("headroom.sock", "precious");
  EXPECT_THAT(std::string(RemoveStaleSocket(path_).message()), HasSubstr("no socket"));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, IsMadeForUserAndGroupAlone) {
  {
    const GroupOnlyFiles made;
    Bind();
  }
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path_).permissions() & perms::others_all, perms::none);
  EXPECT_NE(std::filesystem::status(path_).permissions() & perms::group_write, perms::none);
}

}  // namespace
}  // namespace headroom::http
