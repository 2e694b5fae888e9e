// Spreadsheets: a workbook or CSV of any bytes is read within its bounds or refused with a reason.
// The first byte says how the rest is taken: as a file; as the XML of one part, packed into a
// workbook whose other parts are sound, because few changed bytes of a zip file still unpack.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include <zip.h>

#include "crypto/encoding.h"
#include "tools/sheet/csv.h"
#include "tools/sheet/limits.h"
#include "tools/sheet/number.h"
#include "tools/sheet/xlsx.h"

namespace {

const std::map<std::string, std::string>& sound_parts() {
  static const std::map<std::string, std::string> kParts{
      {"xl/workbook.xml",
       "<workbook><sheets><sheet name=\"D\" sheetId=\"1\" r:id=\"r1\" xmlns:r=\"r\"/></sheets>"
       "</workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s.xml\"/>"
       "<Relationship Id=\"r2\" Type=\"x/sharedStrings\" Target=\"t.xml\"/>"
       "<Relationship Id=\"r3\" Type=\"x/styles\" Target=\"y.xml\"/></Relationships>"},
      {"xl/s.xml",
       "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\">"
       "<v>45969</v></c></row></sheetData></worksheet>"},
      {"xl/t.xml", "<sst><si><t>a</t></si></sst>"},
      {"xl/y.xml",
       "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>"
       "</styleSheet>"}};
  return kParts;
}

std::string packed(const std::map<std::string, std::string>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* to = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(to);
  zip_t* archive = zip_open_from_source(to, ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : parts) {
    zip_source_t* part = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), part, ZIP_FL_ENC_UTF_8);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
  }
  zip_close(archive);
  zip_source_open(to);
  zip_source_seek(to, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(to)), '\0');
  zip_source_seek(to, 0, SEEK_SET);
  zip_source_read(to, bytes.data(), bytes.size());
  zip_source_close(to);
  zip_source_free(to);
  zip_error_fini(&error);
  return bytes;
}

void look_at(const hefu::Result<hefu::sheet::Grid>& grid) {
  if (!grid) {
    HEFU_ASSERT(!grid.error().message.empty());
    return;
  }
  std::uint32_t row_before = 0;
  HEFU_ASSERT(grid->rows.size() <= hefu::sheet::kRowsMax);
  for (const auto& row : grid->rows) {
    HEFU_ASSERT(row.number > row_before && !row.cells.empty());
    row_before = row.number;
    for (const auto& cell : row.cells) {
      HEFU_ASSERT(hefu::is_utf8(cell.text) && cell.column < hefu::sheet::kColumnsMax);
      HEFU_ASSERT(row.cell(cell.column) == &cell);
      HEFU_ASSERT(hefu::sheet::parse_cell_name(hefu::sheet::cell_name(cell.column, row.number)));
      HEFU_ASSERT(cell.kind != hefu::sheet::CellKind::kNumber ||
                  hefu::sheet::plain_number(cell.text) == cell.text);
    }
  }
}

void read_workbook(const std::string& bytes) {
  auto file = hefu::sheet::XlsxFile::open(hefu::as_bytes(bytes));
  if (!file) {
    HEFU_ASSERT(!file.error().message.empty());
    return;
  }
  for (std::size_t i = 0; i < file->sheets().size() && i < 4; ++i) {
    look_at(file->read(i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const char* const kNames[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/s.xml",
                                       "xl/t.xml", "xl/y.xml"};
  if (data[0] >= '0' && data[0] <= '4') {
    auto parts = sound_parts();
    parts[kNames[data[0] - '0']] = rest;
    read_workbook(packed(parts));
  } else if (data[0] == 'P') {
    read_workbook("P" + rest);
  } else if (const auto text = hefu::sheet::decode_text(hefu::as_bytes(rest), "", nullptr)) {
    look_at(hefu::sheet::read_csv(*text));
  }
  return 0;
}
