// The rules of the house that a machine can check: who may include whom, and what the deterministic
// core may not name. The rules are data (layers.txt) so that the picture in ARCHITECTURE.md and the
// check cannot drift apart.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const fs::path kTop = HEFU_SOURCE_DIR;

struct Layer {
  std::set<std::string> folders;
  std::set<std::string> third_party;
};

std::map<std::string, Layer> read_layers(std::vector<std::string>* order) {
  std::map<std::string, Layer> layers;
  std::ifstream file(kTop / "tests/house/layers.txt");
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') {
      continue;
    }
    const auto colon = line.find(':');
    const auto bar = line.find('|');
    std::istringstream ours(line.substr(colon + 1, bar - colon - 1));
    std::istringstream theirs(line.substr(bar + 1));
    Layer layer;
    std::string word;
    while (ours >> word) {
      layer.folders.insert(word);
    }
    while (theirs >> word) {
      layer.third_party.insert(word);
    }
    const std::string name = line.substr(0, colon);
    layer.folders.insert(name);
    layers[name] = layer;
    order->push_back(name);
  }
  return layers;
}

bool is_code(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc";
}

bool is_test(const fs::path& path) {
  return path.filename().string().find("_test.cc") != std::string::npos;
}

std::vector<fs::path> code_files() {
  std::vector<fs::path> files;
  for (const char* top : {"crypto", "ledger", "node", "api", "tools"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kTop / top)) {
      if (entry.is_regular_file() && is_code(entry.path())) {
        files.push_back(entry.path());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The longest listed folder that holds the path.
std::string folder_of(const std::string& path, const std::map<std::string, Layer>& layers) {
  std::string best;
  for (const auto& [name, layer] : layers) {
    if (path.rfind(name + "/", 0) == 0 && name.size() > best.size()) {
      best = name;
    }
  }
  return best;
}

TEST(House, IncludesFollowTheLayers) {
  std::vector<std::string> order;
  const auto layers = read_layers(&order);
  ASSERT_FALSE(layers.empty());
  static const std::regex kInclude(R"re(^\s*#include\s+([<"])([^>"]+)[>"])re");
  std::size_t includes_seen = 0;

  for (const fs::path& path : code_files()) {
    const std::string relative = fs::relative(path, kTop).string();
    const std::string folder = folder_of(relative, layers);
    ASSERT_NE(folder, "") << relative << ": this folder has no line in tests/house/layers.txt";
    if (is_test(path)) {
      continue;  // a test may look anywhere
    }
    const Layer& layer = layers.at(folder);
    std::istringstream lines(read(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      std::smatch match;
      if (!std::regex_search(line, match, kInclude)) {
        continue;
      }
      ++includes_seen;
      const std::string target = match[2];
      const std::string place = relative + ":" + std::to_string(number) + ": ";
      if (match[1] == "\"") {
        const std::string other = folder_of(target, layers);
        EXPECT_TRUE(layer.folders.count(other) == 1)
            << place << folder << " may not include " << target;
        continue;
      }
      const bool standard =
          target.find('/') == std::string::npos && target.find(".h") == std::string::npos;
      const bool system = target.rfind("sys/", 0) == 0 || target == "unistd.h" ||
                          target == "fcntl.h" || target == "signal.h" || target == "pthread.h" ||
                          target == "termios.h" || target == "arpa/inet.h" ||
                          target == "netinet/in.h" || target == "netinet/tcp.h" ||
                          target == "netdb.h" || target == "poll.h";
      if (standard) {
        continue;
      }
      if (system) {
        EXPECT_TRUE(folder == "node" || folder == "tools" || folder == "api" ||
                    folder == "node/net")
            << place << "the core may not use the operating system: " << target;
        continue;
      }
      const bool allowed = std::any_of(layer.third_party.begin(), layer.third_party.end(),
                                       [&](const std::string& prefix) {
                                         return target == prefix || target.rfind(prefix, 0) == 0;
                                       });
      EXPECT_TRUE(allowed) << place << folder << " may not use " << target;
    }
  }
  EXPECT_GT(includes_seen, 100U) << "the scan found next to nothing: is HEFU_SOURCE_DIR right?";
}

TEST(House, LayersPointDownOnly) {
  std::vector<std::string> order;
  const auto layers = read_layers(&order);
  // record and agreement are one floor: an agreement is a record whose state has rules of its own.
  const std::set<std::string> same_floor = {"ledger/record", "ledger/agreement"};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const std::string& other : layers.at(order[i]).folders) {
      const auto place = std::find(order.begin(), order.end(), other);
      ASSERT_NE(place, order.end()) << order[i] << " names an unknown folder " << other;
      const bool below = static_cast<std::size_t>(place - order.begin()) <= i;
      const bool one_floor = same_floor.count(order[i]) == 1 && same_floor.count(other) == 1;
      EXPECT_TRUE(below || one_floor) << order[i] << " points up to " << other;
    }
  }
}

TEST(House, TheCoreTakesTimeRandomnessAndBytesAsArguments) {
  const std::vector<std::pair<std::regex, std::string>> banned = {
      {std::regex(R"(system_clock|steady_clock|\btime\(|gettimeofday|localtime|gmtime)"),
       "a clock; take a Moment"},
      {std::regex(R"(random_device|\brand\(|mt19937|randombytes)"), "randomness; take an Entropy&"},
      {std::regex(R"(std::thread|std::mutex|std::atomic|condition_variable|std::async)"),
       "threads and locks; leave them to the shell"},
      {std::regex(R"(ifstream|ofstream|fopen|std::filesystem|getenv)"),
       "files and environment; take bytes"},
      {std::regex(R"(\bdouble\b|\bfloat\b)"), "floating point; use exact fractions"},
  };
  for (const fs::path& path : code_files()) {
    const std::string relative = fs::relative(path, kTop).string();
    const bool core = relative.rfind("crypto/", 0) == 0 || relative.rfind("ledger/", 0) == 0;
    if (!core || is_test(path) || relative.rfind("crypto/system_entropy", 0) == 0) {
      continue;
    }
    std::istringstream lines(read(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      const auto comment = line.find("//");
      const std::string code = line.substr(0, comment);
      static const std::regex kText(R"re("([^"\\]|\\.)*")re");
      const std::string bare = std::regex_replace(code, kText, "\"\"");
      for (const auto& [pattern, why] : banned) {
        EXPECT_FALSE(std::regex_search(bare, pattern))
            << relative << ":" << number << ": the core may not name " << why << "\n  " << line;
      }
    }
  }
}

// GCC 12 destroys some temporaries twice inside a co_await expression; names are sound.
TEST(House, CoAwaitTakesNames) {
  static const std::regex kTrap(R"(co_await[^;]*(\[[&=\w]|\?[^;]*:|\w\{))");
  for (const fs::path& path : code_files()) {
    std::istringstream lines(read(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      const std::string code = line.substr(0, line.find("//"));
      EXPECT_FALSE(std::regex_search(code, kTrap))
          << fs::relative(path, kTop).string() << ":" << number
          << ": name the argument before co_await\n  " << line;
    }
  }
}

TEST(House, NothingIsLeftForOthers) {
  static const std::regex kLeft(R"(\b(TODO|FIXME|XXX|HACK)\b)");
  for (const fs::path& path : code_files()) {
    EXPECT_FALSE(std::regex_search(read(path), kLeft)) << fs::relative(path, kTop).string();
  }
}

TEST(House, EveryFuzzerHasSeedsAndIsListedForReaders) {
  const std::string security = read(kTop / "SECURITY.md");
  for (const fs::directory_entry& entry : fs::directory_iterator(kTop / "tests/fuzz")) {
    if (entry.path().extension() != ".cc") {
      continue;
    }
    const std::string target = entry.path().stem().string();
    const fs::path seeds = kTop / "tests/fuzz/corpus" / target;
    EXPECT_TRUE(fs::exists(seeds) && !fs::is_empty(seeds)) << target << " has no seeds";
    const std::string name = target.substr(0, target.rfind("_fuzz"));
    EXPECT_NE(security.find('`' + name + '`'), std::string::npos)
        << "SECURITY.md does not say what " << target << " covers";
  }
}

TEST(House, EveryFolderSaysWhatItIs) {
  std::vector<std::string> order;
  for (const auto& [name, layer] : read_layers(&order)) {
    EXPECT_TRUE(fs::exists(kTop / name / "README.md")) << name << " has no README.md";
  }
}

}  // namespace
