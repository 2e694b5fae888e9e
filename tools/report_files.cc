#include "tools/report_files.h"

#include <filesystem>
#include <iostream>

#include <boost/json.hpp>
#include <unistd.h>

#include "api/forms/shipped_forms.h"
#include "crypto/bytes.h"
#include "ledger/bundle/bundle.h"
#include "node/files.h"
#include "tools/json.h"
#include "tools/office.h"

namespace hefu {

namespace {

constexpr std::size_t kFormBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kUrlBytesMax = 300;

Result<void> write_workbook(const forms::Paper& paper, const std::string& file) {
  const std::string beside = file + ".part" + std::to_string(::getpid());
  auto written = forms::write_xlsx(paper, beside);
  std::error_code failed;
  if (written) {
    std::filesystem::rename(beside, file, failed);
  }
  if (written && failed) {
    written = Error{Errc::kIo, "cannot write " + file + ": " + failed.message(), ""};
  }
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  return written;
}

Result<std::string> bytes_of(const forms::Paper& paper, const std::string& ending) {
  if (ending == ".json") {
    return paper.json() + "\n";
  }
  if (ending == ".csv") {
    return forms::paper_csv(paper);
  }
  auto docx = forms::paper_docx(paper);
  return docx && ending == ".pdf" ? pdf_of_docx(*docx) : std::move(docx);
}

Result<void> write_one(const forms::Paper& paper, const std::string& file) {
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".xlsx") {
    return write_workbook(paper, file);
  }
  if (ending != ".json" && ending != ".csv" && ending != ".docx" && ending != ".pdf") {
    return Error{Errc::kUnsupported, file + ": no format is known by this ending",
                 "write .docx, .pdf, .xlsx, .csv or .json"};
  }
  auto bytes = bytes_of(paper, ending);
  return bytes ? write_file_atomically(file, *bytes, FileMode::kShared)
               : Result<void>(bytes.error());
}

}  // namespace

Result<forms::Form> open_form(const std::string& name_or_file) {
  for (const forms::ShippedForm& shipped : forms::shipped_forms()) {
    if (shipped.name == name_or_file) {
      return forms::Form::parse(shipped.json);
    }
  }
  auto text = read_file(name_or_file, kFormBytesMax);
  if (!text && text.error().code == Errc::kNotFound) {
    return Error{Errc::kNotFound, "there is no form and no file " + name_or_file,
                 "`hefu report list` shows the forms"};
  }
  auto form = text ? forms::Form::parse(*text) : Result<forms::Form>(text.error());
  return form ? std::move(form) : Result<forms::Form>(form.error().during(name_or_file));
}

Result<forms::Paper> open_paper(const std::string& file) {
  auto text = read_file(file, forms::kPaperBytesMax);
  auto paper = text ? forms::Paper::parse(*text) : Result<forms::Paper>(text.error());
  return paper ? std::move(paper) : Result<forms::Paper>(paper.error().during(file));
}

Result<void> write_paper(const Context& context, const forms::Paper& paper,
                         const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    if (auto written = write_one(paper, file); !written) {
      return written.error().during("writing " + file);
    }
    if (!context.json) {
      std::cout << file << "  " << paper.title << "  " << paper.figures.size() << " figures\n";
    }
  }
  if (context.json) {
    boost::json::array all;
    for (const std::string& file : files) {
      all.emplace_back(file);
    }
    print_json(boost::json::object{{"title", paper.title},
                                   {"root", paper.root().hex()},
                                   {"cut", paper.cut},
                                   {"figures", paper.figures.size()},
                                   {"locator", paper.locator()},
                                   {"files", std::move(all)}},
               false);
  } else {
    std::cout << "form root  " << paper.root().hex() << "\n";
  }
  return {};
}

Result<void> set_locator(const std::string& bundle_file, const std::string& public_url,
                         forms::Paper* paper) {
  if (public_url.size() > kUrlBytesMax ||
      public_url.find_first_of(" \t\r\n?#&\"<>") != std::string::npos) {
    return Error{Errc::kInvalid, "--public-url: not the address of a node",
                 "such as https://node.example"};
  }
  paper->node = public_url;
  if (!bundle_file.empty()) {
    const auto content = read_file(bundle_file, kBundleBytesMax);
    if (!content) {
      return content.error();
    }
    paper->bundle = sha256(as_bytes(*content)).hex();
  }
  return {};
}

}  // namespace hefu
