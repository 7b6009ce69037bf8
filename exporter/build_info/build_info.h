#pragma once

// What this program was built from and with.
namespace headroom::build {

extern const char* const kVersion;
extern const char* const kRevision;
extern const char* const kCompiler;

}  // namespace headroom::build
