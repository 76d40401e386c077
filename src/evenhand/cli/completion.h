// Completion scripts for shells, made from the list of operations.
#pragma once

#include <string>

namespace evenhand::cli {

/// For bash: `source <(evenhand completion bash)`.
std::string bash_completion();
/// For zsh: `source <(evenhand completion zsh)`, after compinit.
std::string zsh_completion();

}  // namespace evenhand::cli
