# gRPC, protobuf, abseil and OpenSSL as static archives: about 5 MB less resident memory than the shared ones.
# Debian exports its gRPC targets as shared only, so the archives are listed by pkg-config.
find_package(PkgConfig REQUIRED)

# static_libraries(VARIABLE MODULES...): the libraries that pkg-config lists, in the order in which they need each other. Asked
# once: pkg_check_modules asks ten times, and with Debian 13's abseil each answer takes seconds.
function(static_libraries variable)
  execute_process(
    COMMAND ${PKG_CONFIG_EXECUTABLE} --static --libs-only-l ${ARGN}
    OUTPUT_VARIABLE names
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "(^| )-l" "\\1" names ${names})
  separate_arguments(names)
  set(${variable} ${names} PARENT_SCOPE)
endfunction()

# find_archives(VARIABLE NAMES...): the paths of those that have an archive and are not of the system itself.
function(find_archives variable)
  set(archives "")
  foreach(name IN LISTS ARGN)
    find_library(archive_${name} lib${name}.a)
    if(archive_${name} AND NOT name MATCHES "^(dl|pthread|rt|m|z|atomic)$")
      list(APPEND archives ${archive_${name}})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES archives)
  set(${variable} ${archives} PARENT_SCOPE)
endfunction()

# For what needs no gRPC.
static_libraries(absl_libraries absl_cleanup absl_flat_hash_map absl_flat_hash_set absl_node_hash_map absl_function_ref absl_hash
                 absl_statusor absl_str_format absl_strings absl_time)
find_archives(absl_archives ${absl_libraries})
add_library(absl_static INTERFACE)
target_link_libraries(absl_static INTERFACE ${absl_archives} Threads::Threads)

find_archives(protobuf_lite_archive protobuf-lite)
add_library(protobuf_lite_static INTERFACE)
target_link_libraries(protobuf_lite_static INTERFACE ${protobuf_lite_archive} Threads::Threads)

# gRPC names re2, but not what a newer re2 needs of abseil.
static_libraries(grpc_libraries grpc++ re2)

# One group, with the archives above: a linker that is given gRPC after them would not look at them again.
find_archives(grpc_archives ${grpc_libraries} ssl crypto protobuf-lite)
add_library(grpc_static INTERFACE)
target_link_libraries(
  grpc_static INTERFACE "$<LINK_GROUP:RESCAN,${grpc_archives},ZLIB::ZLIB>" Threads::Threads ${CMAKE_DL_LIBS})

# For what needs TLS and no gRPC.
find_archives(openssl_archives ssl crypto)
add_library(openssl_static INTERFACE)
target_link_libraries(openssl_static INTERFACE ${openssl_archives} Threads::Threads ${CMAKE_DL_LIBS})

find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)

# add_proto_library(NAME FILE [GRPC]): a static library NAME made from FILE, its headers included as "<stem>.pb.h".
function(add_proto_library name file)
  cmake_parse_arguments(arg "GRPC" "" "" ${ARGN})
  get_filename_component(stem ${file} NAME_WE)
  get_filename_component(path ${file} ABSOLUTE)
  get_filename_component(folder ${path} DIRECTORY)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name})
  file(MAKE_DIRECTORY ${out})
  set(outputs ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
  set(options --cpp_out=${out})
  if(arg_GRPC)
    list(APPEND outputs ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
    list(APPEND options --grpc_out=${out} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
  endif()
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${Protobuf_PROTOC_EXECUTABLE} -I ${folder} ${options} ${path}
    DEPENDS ${path}
    VERBATIM)
  add_library(${name} STATIC ${outputs})
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_link_libraries(${name} PUBLIC grpc_static)
endfunction()
