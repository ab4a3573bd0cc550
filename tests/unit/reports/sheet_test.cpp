// SPDX-License-Identifier: Apache-2.0
#include "host/reports/sheet.hpp"

#include <catch2/catch.hpp>

using namespace civicast;
using namespace civicast::reports;

namespace {

const Sheet sheet{{"对账", "Reconciliation"},
                  {{"title", {"标题", "title"}}, {"airings", {"条次", "airings"}}},
                  {{"讲文明，树\"新风\"", 3}, {"a,b\nc", nullptr}, {"=1+1", -2}}};

}  // namespace

TEST_CASE("a sheet as CSV begins with the mark that Excel wants, and has Chinese headers") {
  CHECK(csv(sheet) ==
        "\xEF\xBB\xBF标题,条次\r\n\"讲文明，树\"\"新风\"\"\",3\r\n\"a,b\nc\",\r\n'=1+1,-2\r\n");
}

TEST_CASE("a sheet as JSON has its keys, and numbers that are numbers") {
  CHECK(json(sheet)[0] == Json{{"title", "讲文明，树\"新风\""}, {"airings", 3}});
  CHECK(json(sheet)[1]["airings"].is_null());
}

TEST_CASE("a workbook is a ZIP file with a page for each sheet") {
  const auto bytes = xlsx({sheet, {{"第二页", "two"}, {}, {}}});
  REQUIRE(bytes.ok());
  CHECK(bytes->substr(0, 2) == "PK");
  CHECK(bytes->find("xl/worksheets/sheet2.xml") != std::string::npos);
}
