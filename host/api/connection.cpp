// SPDX-License-Identifier: Apache-2.0
#include "host/api/connection.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NetException.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "host/api/faults.hpp"
#include "host/base/id.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::api {
namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponse;

constexpr std::size_t max_drained_bytes = 1 << 20;
constexpr std::size_t body_piece_bytes = 64 * 1024;

Fault malformed(const char *zh_en) {
  return Fault(faults::request_malformed, {{"reason", zh_en}});
}

/// Exactly one "Host", and one way only to tell the body's length: two readers must never disagree
/// on where a request ends.
Result<void> framing_is_fit(const HTTPServerRequestImpl &request) {
  std::size_t hosts = 0, lengths = 0, codings = 0;
  for (const auto &[name, value] : request) {
    hosts += Poco::icompare(name, "Host") == 0;
    lengths += Poco::icompare(name, "Content-Length") == 0;
    codings += Poco::icompare(name, "Transfer-Encoding") == 0;
    if (Poco::icompare(name, "Content-Length") == 0 &&
        (value.empty() || value.size() > 18 ||
         value.find_first_not_of("0123456789") != std::string::npos))
      return malformed("Content-Length");
  }
  if (hosts != 1) return malformed("Host");
  if (lengths + codings > 1) return malformed("Content-Length, Transfer-Encoding");
  if (codings == 1 && !request.getChunkedTransferEncoding()) return malformed("Transfer-Encoding");
  return {};
}

Result<std::string> body_of(HTTPServerRequestImpl &request, std::size_t limit) {
  const Fault too_large(faults::body_too_large, {{"limit", std::to_string(limit)}});
  if (!request.hasContentLength() && !request.getChunkedTransferEncoding()) return std::string();
  const bool has_length = request.hasContentLength();
  const auto length = has_length ? static_cast<std::uint64_t>(request.getContentLength64()) : 0;
  if (length > limit) return too_large;
  // Piece by piece: who promises much is not given memory for it before it comes.
  std::string body;
  const std::size_t wanted = has_length ? static_cast<std::size_t>(length) : limit + 1;
  while (body.size() < wanted) {
    const std::size_t before = body.size();
    body.resize(std::min(wanted, before + body_piece_bytes));
    request.stream().read(body.data() + before, static_cast<std::streamsize>(body.size() - before));
    body.resize(before + static_cast<std::size_t>(request.stream().gcount()));
    if (!request.stream()) break;
  }
  if (body.size() > limit) return too_large;
  if (has_length && body.size() < length) return malformed("Content-Length");
  return body;
}

void set_headers(HTTPServerResponse &response, const Answer &answer) {
  response.setStatusAndReason(static_cast<HTTPResponse::HTTPStatus>(answer.status));
  response.set("Cache-Control", answer.cache);
  if (!answer.etag.empty()) response.set("ETag", answer.etag);
  if (!answer.allow.empty()) response.set("Allow", answer.allow);
  if (!answer.file_name.empty())
    response.set("Content-Disposition", "attachment; filename=\"" + answer.file_name + "\"");
  response.setContentType(answer.type);
  response.setDate(Poco::Timestamp());
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Frame-Options", "DENY");
  response.set("Referrer-Policy", "no-referrer");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  // blob: is how hls.js hands video to the browser; data: are icons of Element Plus.
  response.set("Content-Security-Policy",
               "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
               "img-src 'self' data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; "
               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

void send(HTTPServerResponse &response, const Answer &answer, bool with_body) {
  set_headers(response, answer);
  if (answer.status == HTTPResponse::HTTP_NOT_MODIFIED) {
    response.setContentLength(0);
    response.send();
  } else if (answer.file.empty()) {
    response.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
    auto &out = response.send();
    if (with_body) out.write(answer.body.data(), static_cast<std::streamsize>(answer.body.size()));
  } else if (with_body) {
    response.sendFile(answer.file.string(), answer.type);
  } else {
    response.send();
  }
}

/// A breakdown ends here: the client gets its number, the log the reason.
Answer broken_down(const std::string &reason) {
  const std::string trace = new_id(SystemClock().now_ns());
  std::cerr << "api: " << trace << ": " << reason << "\n";
  return fault_answer(Fault(faults::breakdown, {{"trace", trace}}));
}

}  // namespace

class Connection::Session : public Poco::Net::HTTPServerSession {
 public:
  using HTTPServerSession::HTTPServerSession;
  bool has_buffered() const { return buffered() > 0; }
};

void Connection::run() {
  Session session(socket(), service_.params);
  try {
    while (session.getKeepAlive() && next_request_waits(session)) serve_one(session);
    linger();
  } catch (const Poco::Exception &gone) {
    // The client has gone away or fell silent: nobody is left to be told.
    (void)gone;
  } catch (const std::exception &breakdown) {
    std::cerr << "api: " << breakdown.what() << "\n";
  }
}

bool Connection::next_request_waits(Session &session) {
  // Asked in short turns, so that a stop does not wait for idle connections.
  const auto turn = Poco::Timespan(100 * Poco::Timespan::MILLISECONDS);
  auto left = service_.params->getKeepAliveTimeout().totalMilliseconds();
  for (; left > 0 && !service_.is_stopping; left -= 100)
    if (session.has_buffered() || socket().poll(turn, Poco::Net::Socket::SELECT_READ))
      return session.hasMoreRequests();
  return false;
}

void Connection::serve_one(Session &session) {
  Poco::Net::HTTPServerResponseImpl response(session);
  response.setVersion(Poco::Net::HTTPMessage::HTTP_1_1);
  try {
    HTTPServerRequestImpl request(response, session, service_.params.get());
    const Answer given = answer(request);
    // After a refusal the rest of the body may still be under way; it must not be read as a
    // request.
    const bool is_whole = given.status < 400;
    response.setKeepAlive(is_whole && request.getKeepAlive() && !service_.is_stopping);
    send(response, given, request.getMethod() != "HEAD");
  } catch (const Poco::Net::NoMessageException &) {
    return session.setKeepAlive(false);  // closed between two requests
  } catch (const Poco::Net::MessageException &error) {
    response.setKeepAlive(false);
    send(response, fault_answer(malformed(error.message().c_str())), true);
  }
  session.setKeepAlive(response.getKeepAlive());
}

Answer Connection::answer(HTTPServerRequestImpl &request) {
  try {
    if (const auto fit = framing_is_fit(request); !fit) return fault_answer(fit.fault());
    const auto admitted = service_.guard.admit(request.getHost(), request.get("Origin", ""));
    if (!admitted) return fault_answer(admitted.fault());
    auto body = body_of(request, service_.doors.body_limit(request.getMethod(), request.getURI()));
    if (!body) return fault_answer(body.fault());
    const std::string known_etag = request.get("If-None-Match", "");
    Answer given = service_.doors.answer(
        {request.getMethod(), request.getURI(), std::move(*body), request.get("Content-Type", "")});
    if (given.status == 200 && !given.etag.empty() && given.etag == known_etag)
      given.status = HTTPResponse::HTTP_NOT_MODIFIED;
    return given;
  } catch (const Poco::Exception &breakdown) {
    return broken_down(breakdown.displayText());
  } catch (const std::exception &breakdown) {
    return broken_down(breakdown.what());
  }
}

/// Called when the last answer is on its way, for its streams are flushed as they are destroyed.
/// A socket closed with bytes unread is reset, and the client would lose the sentence just sent.
void Connection::linger() {
  socket().shutdownSend();
  socket().setReceiveTimeout(Poco::Timespan(Poco::Timespan::SECONDS));
  char bytes[4096];
  for (std::size_t drained = 0; drained < max_drained_bytes;) {
    const int count = socket().receiveBytes(bytes, sizeof bytes);
    if (count <= 0) return;
    drained += static_cast<std::size_t>(count);
  }
}

}  // namespace civicast::api
