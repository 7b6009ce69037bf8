#pragma once

namespace headroom::report {

// `etcd-headroom-exporter report`: prints once how the cluster stands and what to do. Takes the
// exporter's flags besides its own, so that the line that starts one serves for the other. `argv`
// begins with "report"; returns the exit code, a Verdict. Usage errors are kCannotTell, with one
// line on standard error.
int Main(int argc, const char* const* argv);

}  // namespace headroom::report
