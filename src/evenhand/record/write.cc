// Writing aside, with the calls of POSIX: C++ streams neither fsync nor say why they failed.
#include "evenhand/record/write.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace evenhand::record {
namespace {

/// A descriptor that closes itself.
struct Open {
  int fd = -1;
  explicit Open(int f) : fd(f) {}
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  ~Open() {
    if (fd >= 0) ::close(fd);
  }
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error refused(const std::string& path, int reason) {
  const auto says = [&](const std::string& why) {
    return Error{Code::kIo, "cannot write \"" + path + "\": " + why};
  };
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return says("the disk is full; make room or choose another folder with --out");
    case EFBIG:
      return says("the file would be larger than this system allows");
    case EACCES:
    case EPERM:
      return says("you may not write there; choose another folder with --out");
    case EROFS:
      return says("that disk is read-only; choose another folder with --out");
    case ENOENT:
      return says("there is no folder \"" + folder_of(path) + "\"");
    case ENOTDIR:
      return says("\"" + folder_of(path) + "\" is not a folder");
    case EISDIR:
      return says("there is a folder of that name");
    case EWOULDBLOCK:
      return says("somebody else is writing it at this moment");
    default:
      return says(std::generic_category().message(reason));
  }
}

/// Whether `path` still names the open file: another writer may have given it its name meanwhile.
bool names(const std::string& path, int fd) {
  struct stat by_name {};
  struct stat by_fd {};
  return ::lstat(path.c_str(), &by_name) == 0 && ::fstat(fd, &by_fd) == 0 &&
         by_name.st_ino == by_fd.st_ino && by_name.st_dev == by_fd.st_dev;
}

/// Write all bytes, and to the disk if asked. @return 0, or what the system said.
int write_all(int fd, std::string_view bytes, bool to_disk) {
  constexpr std::size_t kPiece = std::size_t{1} << 30;  // Linux writes at most 2 GiB at once
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), std::min(bytes.size(), kPiece));
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return !to_disk || ::fsync(fd) == 0 ? 0 : errno;
}

/// The new name itself is only on the disk once the folder is. Some file systems cannot sync a
/// folder; the file is whole all the same.
void sync_folder(const std::string& path) {
  const Open folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd >= 0) ::fsync(folder.fd);
}

Result<void> write(const std::string& path, std::string_view bytes, bool to_disk) {
  const std::string aside = path + ".tmp";
  constexpr int kTries = 8;
  for (int tries = 0; tries < kTries; ++tries) {
    const Open file(::open(aside.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (file.fd < 0) return refused(path, errno);
    if (::flock(file.fd, LOCK_EX | LOCK_NB) != 0) return refused(path, errno);
    if (!names(aside, file.fd)) continue;
    int reason = ::ftruncate(file.fd, 0) == 0 ? write_all(file.fd, bytes, to_disk) : errno;
    if (reason == 0 && ::rename(aside.c_str(), path.c_str()) != 0) reason = errno;
    if (reason != 0) {
      ::unlink(aside.c_str());
      return refused(path, reason);
    }
    if (to_disk) sync_folder(path);
    return {};
  }
  return refused(path, EWOULDBLOCK);
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view bytes) {
  return write(path, bytes, true);
}

Result<void> write_file_for_now(const std::string& path, std::string_view bytes) {
  return write(path, bytes, false);
}

}  // namespace evenhand::record
