# gRPC, protobuf, abseil and OpenSSL as static archives: about 5 MB less resident memory than the shared ones.
# Debian exports its gRPC targets as shared only, so the archives are listed by pkg-config and linked as one group.
find_package(PkgConfig REQUIRED)
pkg_check_modules(GRPCPP REQUIRED grpc++)
set(grpc_archives "")
foreach(name IN LISTS GRPCPP_STATIC_LIBRARIES ITEMS ssl crypto protobuf-lite)
  find_library(archive_${name} lib${name}.a)
  # What has no archive under this name (dl, pthread, rt, atomic, z) belongs to the system.
  if(archive_${name} AND NOT name MATCHES "^(dl|pthread|rt|m|z|atomic)$")
    list(APPEND grpc_archives ${archive_${name}})
  endif()
endforeach()
list(REMOVE_DUPLICATES grpc_archives)

add_library(grpc_static INTERFACE)
target_link_libraries(
  grpc_static INTERFACE "$<LINK_GROUP:RESCAN,${grpc_archives},ZLIB::ZLIB>" Threads::Threads ${CMAKE_DL_LIBS})

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
