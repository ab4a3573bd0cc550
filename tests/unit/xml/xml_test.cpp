// SPDX-License-Identifier: Apache-2.0
#include "host/base/xml.hpp"

#include <catch2/catch.hpp>

#include "host/base/faults.hpp"

using namespace civicast;
using xml::Document;
using xml::Element;

namespace {

Result<Document, Faults> parse(const std::string &text) {
  return Document::parse(text, "a.xml", "a");
}

struct Malformed {
  const char *name;
  std::string text;
  const FaultKind *kind;
  const char *where;
};

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

const std::vector<Malformed> &malformed() {
  using namespace civicast::faults;
  static const std::vector<Malformed> table = {
      {"nothing at all", "", &xml_wrong_root, "a.xml:1"},
      {"only a comment", "<!-- a -->", &xml_wrong_root, "a.xml:1"},
      {"another root", "\n<b/>", &xml_wrong_root, "a.xml:2"},
      {"a second root", "<a/>\n<a/>", &xml_malformed, "a.xml:2"},
      {"text after the root", "<a/>\nmore", &xml_malformed, "a.xml:2"},
      {"text before the root", "more\n<a/>", &xml_malformed, "a.xml:1"},
      {"an end tag that does not match", "<a>\n<b>\n</c>\n</a>", &xml_malformed, "a.xml:3"},
      {"an end tag that is missing", "<a>\n<b/>\n", &xml_malformed, "a.xml:2"},
      {"an attribute without quotes", "<a>\n<b x=1/></a>", &xml_malformed, "a.xml:2"},
      {"an attribute without a value", "<a>\n<b x/></a>", &xml_malformed, "a.xml:2"},
      {"a quote that is missing", "<a x=\"1>\n<b/></a>", &xml_malformed, "a.xml:2"},
      {"attributes that touch", "<a x=\"1\"y=\"2\"/>", &xml_malformed, "a.xml:1"},
      {"a tag that does not end", "<a>\n<b <c/></a>", &xml_malformed, "a.xml:2"},
      {"a lone ampersand", "<a>\n\n<b x=\"A & B\"/></a>", &xml_malformed, "a.xml:3"},
      {"an entity of one's own", "<a>\n&company;</a>", &xml_malformed, "a.xml:2"},
      {"a character reference to nothing", "<a>&#0;</a>", &xml_malformed, "a.xml:1"},
      {"a character reference to a surrogate", "<a>&#xD800;</a>", &xml_malformed, "a.xml:1"},
      {"a comment that does not end", "<a>\n<!-- b </a>", &xml_malformed, "a.xml:2"},
      {"a CDATA section that does not end", "<a>\n<![CDATA[ b </a>", &xml_malformed, "a.xml:2"},
      {"a DOCTYPE", "<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<a/>",
       &xml_doctype, "a.xml:2"},
      {"entities that grow", "<!DOCTYPE a [<!ENTITY x \"xx\">]><a>&x;</a>", &xml_doctype,
       "a.xml:1"},
      {"another encoding", "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<a/>", &xml_malformed,
       "a.xml:1"},
      {"bytes of GBK", "<a>\n<b x=\"" + bytes({0xB3, 0xC9}) + "\"/></a>", &xml_not_utf8, "a.xml:2"},
      {"an overlong sequence", "<a>\n" + bytes({0xC0, 0xAF}) + "</a>", &xml_not_utf8, "a.xml:2"},
      {"a surrogate in UTF-8", "<a>" + bytes({0xED, 0xA0, 0x80}) + "</a>", &xml_not_utf8,
       "a.xml:1"},
      {"a sequence that is cut", "<a>\n\n" + bytes({0xE6, 0x88}), &xml_not_utf8, "a.xml:3"},
      {"a zero byte", "<a>\n" + std::string(1, '\0') + "</a>", &xml_not_utf8, "a.xml:2"},
      {"a control character", "<a>\n" + bytes({0x07}) + "</a>", &xml_not_utf8, "a.xml:2"},
      {"UTF-16", bytes({0xFF, 0xFE, '<', 0, 'a', 0}), &xml_not_utf8, "a.xml:1"},
      {"too much", "<a>" + std::string(xml::max_file_bytes, ' ') + "</a>", &xml_too_large, "a.xml"},
  };
  return table;
}

}  // namespace

TEST_CASE("each malformed document has its fault and its line") {
  for (const Malformed &row : malformed()) {
    INFO(row.name);
    const auto read = parse(row.text);
    REQUIRE_FALSE(read.ok());
    REQUIRE(read.fault().size() == 1);
    const Fault &fault = read.fault().front();
    INFO(fault.text());
    CHECK(fault.kind().name == row.kind->name);
    CHECK(fault.where() == row.where);
  }
}

TEST_CASE("what XML allows is read: a byte order mark, comments, CDATA, references, CRLF") {
  auto read = parse(
      "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\r\n<!-- & < -->\r\n"
      "<a x='1 &lt; 2 &amp; &#x6210;'>\r\n  one<!-- two --><![CDATA[ <three> & ]]></a>");
  REQUIRE(read.ok());
  Element root = read->root();
  CHECK(root.line() == 3);
  CHECK(root.text("x") == "1 < 2 & 成");
  CHECK(root.body() == "one <three> &");
  CHECK(read->faults().empty());
}

TEST_CASE("every mistake of a document is told, each with its line") {
  auto read = parse(
      "<a>\n"
      "  <thing id='UPPER' weight='x' weight='2' colour='red'/>\n"
      "  <thng/>\n"
      "  stray\n"
      "  <thing id='a' wieght='1'>\n"
      "    <inner/></thing>\n"
      "</a>");
  REQUIRE(read.ok());
  Element root = read->root();
  root.allow({}, {"thing"});
  for (Element thing : root.children("thing")) {
    thing.allow({"id", "weight"}, {});
    thing.slug();
    thing.whole("weight", 1, 10);
  }
  std::vector<std::string> told;
  for (const Fault &fault : read->faults())
    told.push_back(fault.where() + " " + std::string(fault.kind().name));
  const std::vector<std::string> expected = {
      "a.xml:3 xml.unknown_element",   "a.xml:1 xml.stray_text",
      "a.xml:2 xml.twice_attribute",   "a.xml:2 xml.unknown_attribute",
      "a.xml:2 xml.bad_value",         "a.xml:2 xml.bad_value",
      "a.xml:5 xml.unknown_attribute", "a.xml:6 xml.unknown_element",
      "a.xml:5 xml.missing_attribute",
  };
  CHECK(told == expected);
}

TEST_CASE("a name that is nearly right is suggested, in both languages") {
  auto read = parse("<a><campain/></a>");
  REQUIRE(read.ok());
  read->root().allow({}, {"campaign", "window"});
  REQUIRE(read->faults().size() == 1);
  const Fault &fault = read->faults().front();
  CHECK(fault.sentence(Lang::zh).find("是不是想写 campaign？") != std::string::npos);
  CHECK(fault.sentence(Lang::en).find("Did you mean campaign?") != std::string::npos);
  CHECK(fault.sentence(Lang::en).find("campaign, window") != std::string::npos);
}

TEST_CASE("a value that is not among the words says which there are") {
  auto read = parse("<a per='dya'/>");
  REQUIRE(read.ok());
  CHECK(read->root().choice<int>("per", {{"day", 1}, {"campaign", 2}}) == 1);
  REQUIRE(read->faults().size() == 1);
  const auto sentence = read->faults().front().sentence(Lang::en);
  CHECK(sentence.find("Did you mean day?") != std::string::npos);
  CHECK(sentence.find("Choose one of: day, campaign") != std::string::npos);
}

TEST_CASE("a long value is shortened between characters") {
  std::string value;
  for (int i = 0; i < 200; ++i) value += "成";
  auto read = parse("<a n='" + value + "'/>");
  REQUIRE(read.ok());
  read->root().whole("n", 1, 2);
  REQUIRE(read->faults().size() == 1);
  const auto sentence = read->faults().front().sentence(Lang::zh);
  CHECK(sentence.find("成…") != std::string::npos);
  CHECK(sentence.size() < 400);
}

TEST_CASE("an id that stands twice names the line of the first") {
  auto read = parse("<a>\n<b id='x'/>\n<b id='y'/>\n<b id='x'/></a>");
  REQUIRE(read.ok());
  xml::Ids ids;
  for (Element element : read->root().children("b")) ids.take(element, element.slug());
  REQUIRE(read->faults().size() == 1);
  CHECK(read->faults().front().where() == "a.xml:4");
  CHECK(read->faults().front().sentence(Lang::en).find("line 2") != std::string::npos);
}

TEST_CASE("the list of mistakes is bounded") {
  std::string text = "<a>";
  for (int i = 0; i < 5000; ++i) text += "<b/>\n";
  auto read = parse(text + "</a>");
  REQUIRE(read.ok());
  read->root().allow({}, {});
  REQUIRE(read->faults().size() == xml::max_faults + 1);
  CHECK(read->faults().back().is(faults::xml_too_many));
}

TEST_CASE("a document that is very deep is read or refused, never a crash") {
  std::string text = "<a>";
  for (int i = 0; i < 200'000; ++i) text += "<b>";
  for (int i = 0; i < 200'000; ++i) text += "</b>";
  auto read = parse(text + "</a>");
  REQUIRE(read.ok());
  read->root().allow({}, {});
  CHECK(read->faults().size() == 1);
}
