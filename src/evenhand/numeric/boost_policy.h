// How Boost.Math is asked: doubles stay doubles (no silent 80-bit detour), and what it cannot do
// comes back as NaN or infinity instead of an exception. Included by the sources of numeric/ only.
#pragma once

#include <boost/math/policies/policy.hpp>

namespace evenhand::numeric {

namespace policies = boost::math::policies;

using Quiet = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>,
    policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::evaluation_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>, policies::promote_double<false>>;

}  // namespace evenhand::numeric
