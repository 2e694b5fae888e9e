#include "api/accounts/role.h"

#include <algorithm>
#include <array>

namespace hefu {
namespace {

constexpr std::array<const char*, kScopeCount> kScopeNames{"read", "record", "disclose", "operate",
                                                           "administer"};

constexpr Scopes kReads = Scopes().add(Scope::kRead);
constexpr Scopes kRecords = Scopes(kReads).add(Scope::kRecord);
constexpr Scopes kDiscloses = Scopes(kRecords).add(Scope::kDisclose);

constexpr std::string_view kRegistrar = "registrar";
constexpr std::string_view kReviewer = "reviewer";

constexpr std::array kRoles{
    Role{kRegistrar, "登记员", "registrar", kDiscloses, true, false},
    Role{kReviewer, "审核员", "reviewer", kRecords, false, true},
    Role{"head", "单位负责人", "head of the institution", kRecords, true, true},
    Role{"leading-group-office", "领导小组办公室", "office of the leading group", kRecords, true,
         true},
    Role{"department-contact", "部门联系人", "contact person of a department", kRecords, true,
         false},
    Role{"information-officer", "专职信息员", "information officer", kRecords, true, false},
    Role{"data-steward", "数据管理员", "data steward", kRecords, true, false},
    Role{"secretariat", "秘书处", "secretariat of a joint body", kRecords, true, false},
    Role{"council-member", "理事会成员", "member of a council", kRecords, true, false},
    Role{"liaison-leader", "对口联系领导", "liaison leader", kRecords, true, false},
    Role{"publisher", "结果公布人员", "publisher of results", kRecords, true, false},
    Role{"teacher", "教师", "teacher", kRecords, true, false},
    Role{"expert-team-leader", "专家服务团负责人", "leader of an expert team", kRecords, true,
         false},
    Role{"mentor", "企业导师、人事人员", "mentor or personnel officer of an enterprise", kRecords,
         true, false},
    Role{"key-certifier", "密钥认证人员", "certifier of keys", kRecords, true, false},
    Role{"finance-officer", "财务人员", "finance officer", kRecords, true, false},
    Role{"personnel-officer", "人事人员", "personnel officer", kDiscloses, true, false},
    Role{"internal-audit", "纪检监察", "discipline inspection and internal audit", kRecords, true,
         true},
    Role{"authority-officer", "主管部门人员", "officer of a supervising authority", kRecords, true,
         true},
    Role{"auditor", "核查人员", "auditor", kRecords, true, true},
    Role{"evaluator", "第三方评价", "third-party evaluator", kRecords, true, true},
    Role{"reader", "查阅", "reader", kReads},
    Role{"operator", "运维人员", "operator of the node", Scopes(kReads).add(Scope::kOperate)},
    Role{"administrator", "账号管理员", "administrator of accounts",
         Scopes(kReads).add(Scope::kAdminister)},
};

/// Records, and reviews nothing: whoever has it leaves reviewing to somebody else.
bool registers(const Grant& grant) {
  const Role* role = find_role(grant.role);
  return role != nullptr && role->records && !role->reviews;
}

bool overlap(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || a == b;
}

Error invalid(std::string message, std::string hint = "") {
  return {Errc::kInvalid, "roles: " + std::move(message), std::move(hint)};
}

/// As the unit of a party reference (ledger/event/uscc.h), or nothing.
bool is_department(std::string_view text) {
  return text.size() <= kDepartmentBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

const char* name(Scope scope) {
  return kScopeNames.at(static_cast<std::size_t>(scope));
}

std::optional<Scope> scope(std::string_view name) {
  const auto found = std::find(kScopeNames.begin(), kScopeNames.end(), name);
  return found == kScopeNames.end()
             ? std::nullopt
             : std::optional(static_cast<Scope>(found - kScopeNames.begin()));
}

std::vector<std::string> Scopes::names() const {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < kScopeCount; ++i) {
    if (has(static_cast<Scope>(i))) {
      list.emplace_back(kScopeNames.at(i));
    }
  }
  return list;
}

std::span<const Role> roles() {
  return kRoles;
}

const Role* find_role(std::string_view name) {
  const auto found = std::find_if(kRoles.begin(), kRoles.end(),
                                  [&](const Role& role) { return role.name == name; });
  return found == kRoles.end() ? nullptr : found;
}

Result<void> check_grants(std::span<const Grant> grants) {
  if (grants.empty()) {
    return invalid("none given", "an account needs at least one, for example reader");
  }
  if (grants.size() > kGrantsMax) {
    return invalid("more than " + std::to_string(kGrantsMax));
  }
  for (const Grant& grant : grants) {
    if (find_role(grant.role) == nullptr) {
      std::string hint = "there are:";
      for (const Role& role : kRoles) {
        hint += ' ' + std::string(role.name);
      }
      return invalid("no such role", std::move(hint));
    }
    if (!is_department(grant.department)) {
      return invalid("a department is not 1 to " + std::to_string(kDepartmentBytesMax) +
                         " letters, digits, '-' or '_'",
                     "write what stands behind the \"/\" of its id, as it is registered: jwc for "
                     "…/jwc");
    }
    if (std::count(grants.begin(), grants.end(), grant) > 1) {
      return invalid(grant.role + " is given twice");
    }
  }
  for (const Grant& one : grants) {
    for (const Grant& other : grants) {
      if (registers(one) && other.role == kReviewer && overlap(one.department, other.department)) {
        return Error{Errc::kConflict,
                     "roles: " + one.role + " and reviewer of the same department in one account",
                     "registering and reviewing take two persons: make two accounts"};
      }
    }
  }
  return {};
}

Scopes scopes_of(std::span<const Grant> grants) {
  Scopes scopes;
  for (const Grant& grant : grants) {
    if (const Role* role = find_role(grant.role)) {
      scopes.add(role->scopes);
    }
  }
  return scopes;
}

}  // namespace hefu
