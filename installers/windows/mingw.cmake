# Cross-compiles the core for 64-bit Windows with Debian's MinGW (g++-mingw-w64-x86-64, libz-mingw-w64-dev):
#   cmake -S . -B build/windows-core -G Ninja -DVIV_CORE_ONLY=ON -DCMAKE_TOOLCHAIN_FILE=installers/windows/mingw.cmake
# Boost's headers are the same on every system, so those of this one serve, by a link to their folder alone.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

set(boost_link ${CMAKE_BINARY_DIR}/host-boost)
if(NOT EXISTS ${boost_link}/boost)
  file(MAKE_DIRECTORY ${boost_link})
  file(CREATE_LINK /usr/include/boost ${boost_link}/boost SYMBOLIC)
endif()
list(APPEND CMAKE_FIND_ROOT_PATH ${boost_link})
set(Boost_INCLUDE_DIR ${boost_link} CACHE PATH "The headers of Boost")
set(Boost_NO_BOOST_CMAKE ON)
