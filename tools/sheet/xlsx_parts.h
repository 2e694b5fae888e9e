#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/sheet/xml.h"

namespace hefu::sheet {

/// xl/workbook.xml: which sheets there are. Source: ECMA-376-1 §18.2.
class WorkbookPart : public XmlHandler {
 public:
  struct Sheet {
    std::string name;
    std::string relation;
    bool visible = true;
  };
  Result<void> start(std::string_view name, const Attributes& attributes) override;
  Result<void> end(std::string_view /*name*/) override { return {}; }
  Result<void> text(std::string_view /*piece*/) override { return {}; }

  std::vector<Sheet> sheets;
  bool since_1904 = false;
};

/// xl/_rels/workbook.xml.rels: the file behind each relation. Source: ECMA-376-2 §9.3.
class RelationsPart : public XmlHandler {
 public:
  Result<void> start(std::string_view name, const Attributes& attributes) override;
  Result<void> end(std::string_view /*name*/) override { return {}; }
  Result<void> text(std::string_view /*piece*/) override { return {}; }

  std::map<std::string, std::string> files;  ///< by relation id: name inside the zip file
  std::string shared_texts;                  ///< empty: none
  std::string styles;                        ///< empty: none
};

/// xl/sharedStrings.xml: texts that cells refer to by number. Phonetic readings are left out.
/// Source: ECMA-376-1 §18.4.
class SharedTextsPart : public XmlHandler {
 public:
  Result<void> start(std::string_view name, const Attributes& attributes) override;
  Result<void> end(std::string_view name) override;
  Result<void> text(std::string_view piece) override;

  std::vector<std::string> texts;

 private:
  bool in_text_ = false;
  int phonetic_ = 0;
  std::size_t bytes_ = 0;
};

/// xl/styles.xml: which cell formats show a number as a date. Source: ECMA-376-1 §18.8.30.
class StylesPart : public XmlHandler {
 public:
  Result<void> start(std::string_view name, const Attributes& attributes) override;
  Result<void> end(std::string_view name) override;
  Result<void> text(std::string_view /*piece*/) override { return {}; }

  [[nodiscard]] bool is_date(std::size_t format) const {
    return format < dates.size() && dates[format];
  }
  std::vector<bool> dates;  ///< by cell format

 private:
  std::map<std::string, bool> own_formats_;
  bool in_cell_formats_ = false;
};

/// Whether a number format code shows a date: it has a y or d outside quotes and brackets.
bool is_date_format(std::string_view code);

}  // namespace hefu::sheet
