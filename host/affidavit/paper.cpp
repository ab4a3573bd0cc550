// SPDX-License-Identifier: Apache-2.0
#include "host/affidavit/paper.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "host/affidavit/faults.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::affidavit {
namespace {

// Points: 1/72 inch.
constexpr double page_width = 595.28, page_height = 841.89, margin = 62;
constexpr double text_width = page_width - 2 * margin;
constexpr double bottom = page_height - margin;
constexpr const char *serif = "Noto Serif CJK SC";
constexpr const char *sans = "Noto Sans CJK SC";

struct Look {
  const char *family = serif;
  double size = 11;
  bool is_bold = false;
  double grey = 0;
  PangoAlignment align = PANGO_ALIGN_LEFT;
};

struct Free {
  void operator()(cairo_surface_t *surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t *cairo) const { cairo_destroy(cairo); }
  void operator()(PangoLayout *layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription *font) const { pango_font_description_free(font); }
  void operator()(QRcode *code) const { QRcode_free(code); }
};

cairo_status_t append(void *out, const unsigned char *bytes, unsigned size) {
  static_cast<std::string *>(out)->append(reinterpret_cast<const char *>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

/// Writes downwards, page after page.
class Pen {
 public:
  explicit Pen(std::string &out)
      : surface_(cairo_pdf_surface_create_for_stream(append, &out, page_width, page_height)),
        cairo_(cairo_create(surface_.get())) {}

  double y = margin;

  void set_facts(const std::string &title, const std::string &author, const std::string &date) {
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_AUTHOR, author.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, date.c_str());
  }
  /// Puts `text` at `x`, `y` and gives its height; nothing moves.
  double put(double x, double width, const std::string &text, const Look &look) {
    const std::unique_ptr<PangoLayout, Free> layout(pango_cairo_create_layout(cairo_.get()));
    const std::unique_ptr<PangoFontDescription, Free> font(pango_font_description_new());
    pango_font_description_set_family(font.get(), look.family);
    pango_font_description_set_absolute_size(font.get(), look.size * PANGO_SCALE);
    if (look.is_bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(), look.align);
    pango_layout_set_line_spacing(layout.get(), 1.25F);
    pango_layout_set_text(layout.get(), text.c_str(), static_cast<int>(text.size()));
    cairo_set_source_rgb(cairo_.get(), look.grey, look.grey, look.grey);
    cairo_move_to(cairo_.get(), x, y);
    pango_cairo_show_layout(cairo_.get(), layout.get());
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }
  /// Over the whole width; moves on.
  void line(const std::string &text, const Look &look, double after = 4) {
    y += put(margin, text_width, text, look) + after;
  }
  void rule(double width = 0.6, double x0 = margin, double x1 = page_width - margin) {
    cairo_set_source_rgb(cairo_.get(), 0, 0, 0);
    cairo_set_line_width(cairo_.get(), width);
    cairo_move_to(cairo_.get(), x0, y);
    cairo_line_to(cairo_.get(), x1, y);
    cairo_stroke(cairo_.get());
  }
  void need(double height) {
    if (y + height <= bottom) return;
    number();
    cairo_show_page(cairo_.get());
    y = margin;
  }
  void squares(const QRcode &code, double x, double size) {
    const double module = size / code.width;
    cairo_set_source_rgb(cairo_.get(), 0, 0, 0);
    for (int row = 0; row < code.width; ++row)
      for (int column = 0; column < code.width; ++column)
        if (code.data[row * code.width + column] & 1)
          cairo_rectangle(cairo_.get(), x + column * module, y + row * module, module, module);
    cairo_fill(cairo_.get());
  }
  /// The last page; says what went wrong, if anything did.
  const char *end() {
    number();
    cairo_show_page(cairo_.get());
    cairo_.reset();
    cairo_surface_finish(surface_.get());
    const cairo_status_t status = cairo_surface_status(surface_.get());
    return status == CAIRO_STATUS_SUCCESS ? nullptr : cairo_status_to_string(status);
  }

 private:
  void number() {
    const double back = y;
    y = page_height - margin + 18;
    put(margin, text_width, fmt::format("— {} —", ++page_),
        {sans, 8.5, false, 0.35, PANGO_ALIGN_CENTER});
    y = back;
  }
  std::unique_ptr<cairo_surface_t, Free> surface_;
  std::unique_ptr<cairo_t, Free> cairo_;
  int page_ = 0;
};

std::string thousands(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string minutes(std::int64_t duration_ms) {
  return fmt::format("{:.1f}", static_cast<double>(duration_ms) / 60'000);
}

std::string chinese_day(Date date) {
  return fmt::format("{}年{}月{}日", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Words evidence_words(const std::string &evidence) {
  if (evidence == "measured") return {"实测", "measured"};
  if (evidence == "reported") return {"上报", "reported"};
  return {"推断", "inferred"};
}

const std::vector<double> columns = {0, 190, 290, 380};

void put_row(Pen &pen, const std::vector<std::string> &cells, const Look &look) {
  pen.need(28);
  pen.y += 4;
  double height = 0;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    Look here = look;
    if (c >= 2) here.align = PANGO_ALIGN_RIGHT;
    const double right = c + 1 < columns.size() ? columns[c + 1] : text_width;
    height =
        std::max(height, pen.put(margin + columns[c] + 4, right - columns[c] - 8, cells[c], here));
  }
  pen.y += height + 4;
}

void put_head(Pen &pen, const Statement &s) {
  pen.line("公益广告播出证明", {serif, 26, true, 0, PANGO_ALIGN_CENTER}, 2);
  pen.line("Affidavit of Performance", {serif, 11, false, 0.3, PANGO_ALIGN_CENTER}, 20);
  pen.line(fmt::format("兹证明：自{}起至{}止，宣传任务《{}》在本单位所属渠道完整播出 {} 次，"
                       "时长合计 {} 分钟。",
                       chinese_day(s.first), chinese_day(s.last), s.campaign_title.zh,
                       thousands(s.airings), minutes(s.duration_ms)),
           {serif, 13, false}, 6);
  pen.line(
      fmt::format("This is to certify that from {} to {} (both days included, {}) the campaign "
                  "“{}” was aired completely {} times, {} minutes in all.",
                  date_text(s.first), date_text(s.last), s.zone, s.campaign_title.en,
                  thousands(s.airings), minutes(s.duration_ms)),
      {serif, 9.5, false, 0.25}, 14);
}

void put_channels(Pen &pen, const Statement &s) {
  const Look head{sans, 9.5, true}, body{sans, 10};
  pen.rule(1.0);
  put_row(pen, {"渠道 channel", "证据 evidence", "条次 airings", "时长（分钟）"}, head);
  pen.rule(0.5);
  for (const auto &[channel, grades] : s.sums)
    for (const auto &[evidence, sum] : grades) {
      const auto name = s.channels.find(channel);
      const Words words = evidence_words(evidence);
      put_row(pen,
              {name == s.channels.end() ? channel : name->second.zh + "  " + name->second.en,
               words.zh + " " + words.en, thousands(sum.airings), minutes(sum.duration_ms)},
              body);
    }
  pen.rule(0.5);
  put_row(pen, {"合计 total", "", thousands(s.airings), minutes(s.duration_ms)}, head);
  pen.rule(1.0);
  pen.y += 6;
  pen.line(
      "只计完整播出；未播完、存疑的不计入。实测：本机发出并核对过的信号；上报：平台或播放端回报；"
      "推断：仅有播出计划。",
      {sans, 8.5, false, 0.3}, 1);
  pen.line(
      "Complete airings only. Measured: signal that we sent and checked; reported: by a platform "
      "or player; inferred: the schedule alone.",
      {sans, 8, false, 0.4}, 12);
}

void put_months(Pen &pen, const Statement &s) {
  if (s.months.size() < 2) return;
  const Look head{sans, 9.5, true}, body{sans, 10};
  pen.need(70);
  pen.rule(1.0);
  put_row(pen, {"月份 month", "", "条次 airings", "时长（分钟）"}, head);
  pen.rule(0.5);
  for (const auto &[month, sum] : s.months)
    put_row(pen, {month, "", thousands(sum.airings), minutes(sum.duration_ms)}, body);
  pen.rule(1.0);
  pen.y += 12;
}

/// The signed note stands in the code itself.
Result<void> put_proof(Pen &pen, const Statement &s, const Zone &zone,
                       const std::string &checkpoint, const std::string &key_line) {
  constexpr double size = 116;
  const std::unique_ptr<QRcode, Free> code(QRcode_encodeData(
      static_cast<int>(checkpoint.size()),
      reinterpret_cast<const unsigned char *>(checkpoint.data()), 0, QR_ECLEVEL_M));
  if (!code) return Fault(faults::paper_failed, {{"reason", "QR"}});
  pen.need(size + 24);
  pen.squares(*code, page_width - margin - size, size);
  const double top = pen.y, width = text_width - size - 18;
  const auto say = [&](const std::string &text, const Look &look) {
    pen.y += pen.put(margin, width, text, look) + 2;
  };
  say("依据 Basis", {sans, 9.5, true});
  say(fmt::format("台账 ledger：{}", s.origin), {sans, 8.5});
  say(fmt::format("记录数 tree size：{}", thousands(static_cast<std::int64_t>(s.tree_size))),
      {sans, 8.5});
  say(fmt::format("树根 root：{}", s.root), {sans, 8.5});
  say(fmt::format("公钥 key：{}", key_line), {sans, 8.5});
  say(fmt::format("出具时间 made：{}", zone.local_text(s.made_ns / ns_per_s * ns_per_s)),
      {sans, 8.5});
  say("每一次播出都在随附压缩包中附有证明，可用 verify.html（离线）或 civicast affidavit verify "
      "核验。"
      "右侧二维码即签名的检查点。",
      {sans, 8.5, false, 0.3});
  say("Each airing is proved in the bundle that goes with this page; check it with verify.html, "
      "offline, or civicast affidavit verify. The code holds the signed checkpoint.",
      {sans, 8, false, 0.4});
  pen.y = std::max(pen.y, top + size) + 16;
  return {};
}

void put_signatures(Pen &pen, const Statement &s) {
  pen.need(150);
  const double half = text_width / 2;
  const auto field = [&](double x, const char *label) {
    pen.put(x, 150, label, {serif, 11});
    const double back = pen.y;
    pen.y += 18;
    pen.rule(0.5, x + 100, x + half - 24);
    pen.y = back;
  };
  field(margin, "经办人 prepared");
  field(margin + half, "审核人 checked");
  pen.y += 40;
  field(margin, "负责人 approved");
  field(margin + half, "日期 date");
  pen.y += 44;
  pen.put(margin, text_width, s.station_name.zh + "（盖章）",
          {serif, 12, true, 0, PANGO_ALIGN_RIGHT});
  pen.y += 20;
  pen.put(margin, text_width, s.station_name.en + " (seal)",
          {serif, 9, false, 0.3, PANGO_ALIGN_RIGHT});
  pen.y += 18;
}

}  // namespace

Result<std::string> paper(const Statement &statement, const Zone &zone,
                          const std::string &checkpoint, const std::string &key_line) {
  std::string out;
  Pen pen(out);
  pen.set_facts("公益广告播出证明 " + statement.campaign_title.zh, statement.station_name.zh,
                zone.local_text(statement.made_ns / ns_per_s * ns_per_s));
  put_head(pen, statement);
  put_channels(pen, statement);
  put_months(pen, statement);
  if (auto done = put_proof(pen, statement, zone, checkpoint, key_line); !done) return done.fault();
  put_signatures(pen, statement);
  if (const char *wrong = pen.end()) return Fault(faults::paper_failed, {{"reason", wrong}});
  return out;
}

}  // namespace civicast::affidavit
