#pragma once

namespace headroom::analyze {

// `etcd-headroom-exporter analyze FILE`: prints what an etcd database file or snapshot holds. Needs
// no etcd and no option of the exporter. `argv` begins with "analyze"; returns the exit code.
// 0: the whole file was read. 1: standard error says in one line what is wrong; where a part of the
// file could be read, standard output has what was found there.
int Main(int argc, const char* const* argv);

}  // namespace headroom::analyze
