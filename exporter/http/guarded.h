#pragma once

#include <memory>

#include "http/server.h"
#include "web/rotating_config.h"

namespace headroom::http {

// `handler` behind the passwords of the web configuration, its answers with the headers set there.
// `web` may be null: everybody is let in.
Server::Handler Guarded(std::shared_ptr<web::RotatingConfig> web, Server::Handler handler);

}  // namespace headroom::http
