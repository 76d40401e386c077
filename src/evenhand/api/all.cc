// The operations of all.def, in its order.
#include "evenhand/api/operation.h"

namespace evenhand::api {

#define EVENHAND_OPERATION(name) Operation name();
#include "evenhand/api/all.def"
#undef EVENHAND_OPERATION

const std::vector<Operation>& all() {
  static const std::vector<Operation> operations = {
#define EVENHAND_OPERATION(name) name(),
#include "evenhand/api/all.def"
#undef EVENHAND_OPERATION
  };
  return operations;
}

}  // namespace evenhand::api
