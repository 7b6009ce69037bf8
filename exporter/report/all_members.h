#pragma once

#include <memory>
#include <vector>

#include "etcd/member.h"
#include "etcd/rotating_credentials.h"
#include "monitor/member_labels.h"
#include "monitor/members.h"
#include "options/options.h"

namespace headroom::report {

// From the first endpoint that answers within the options' timeout; empty if none does.
MemberList LearnMembers(const Options& options,
                        const std::shared_ptr<etcd::RotatingCredentials>& tls);

// The client URLs of a listed member that can be asked.
std::vector<etcd::Endpoint> ClientEndpoints(const etcd::ListedMember& member);

// The options with all the endpoints of the listed members that can be asked.
Options WithMembers(Options options, const MemberList& members);

// All members that the options name. Never null.
std::unique_ptr<Members> MembersOf(const Options& options,
                                   const std::shared_ptr<etcd::RotatingCredentials>& tls);

}  // namespace headroom::report
