#include "http/guarded.h"

#include <utility>

#include "web/basic_auth.h"

namespace headroom::http {

Server::Handler Guarded(std::shared_ptr<web::RotatingConfig> web, Server::Handler handler) {
  if (web == nullptr) return handler;
  return [web = std::move(web), handler = std::move(handler),
          auth = std::make_shared<web::BasicAuth>()](const Request& request) {
    const auto current = web->Current();
    const web::Config& config = current->config();
    Response response = config.users.empty() || auth->Admits(config.users, request.authorization)
                            ? handler(request)
                            : Response{.status = 401,
                                       .body = "Unauthorized\n",
                                       .headers = {{"WWW-Authenticate", "Basic"}}};
    response.headers.insert(response.headers.end(), config.headers.begin(), config.headers.end());
    return response;
  };
}

}  // namespace headroom::http
