// SPDX-License-Identifier: Apache-2.0
// The screens' HTTP door:
//   GET  /                             the screens that are known, as links
//   GET  /screen/PLACE                 the player page; its parts under /player/ and /sw.js
//   GET  /api/clock                    {"now_ns"}
//   GET  /api/screens/PLACE/plan       what is on and the next hour; ETag
//   GET  /media/SHA256                 a house file of a known item; Range
//   POST /api/screens/PLACE/plays      records of plays; 200 only once their facts are on disk
//   POST /api/screens/PLACE/picture    a JPEG of what the page shows
// Every answer carries X-Civicast-Now-Ns. Only requests by a loopback name are answered, and posts
// only from our own page, so that no other web page can reach in.
#pragma once

#include <string>
#include <vector>

#include "plugins/screens/book.hpp"
#include "plugins/screens/problem.hpp"
#include "plugins/screens/server.hpp"

namespace civicast::screens {

struct Names {
  std::string zh, en;
};

class Routes final : public Site {
 public:
  Routes(Host host, Book &book, Server &server, Names station, std::string pictures);

  std::uint64_t body_limit_bytes(const Request &header) const override;
  void answer(Request &&request, Reply reply) override;
  Response refuse(boost::beast::http::status status) const override;
  Response failed(const std::string &what) const override;
  void tick() override;

 private:
  struct Waiting {
    Report report;
    Reply reply;
    unsigned version;
    bool keeps;
  };

  Response get(const Request &request, const std::string &path, const std::string &query);
  Response plan(const Request &request, const std::string &place, const std::string &query);
  Response media(const Request &request, const std::string &sha256);
  Response picture(const Request &request, const std::string &place);
  Response front(const Request &request) const;
  void plays(const Request &request, const std::string &place, Reply reply);
  void store_waiting();
  Response page(const Request &request, const std::string &name) const;
  template <class Message>
  void dress(Message &message) const;
  Response problem(const Request &request, const Problem &what) const;
  Response json(const Request &request, const std::string &body) const;

  Host host_;
  Book &book_;
  Server &server_;
  Names station_;
  std::string pictures_;
  std::vector<Waiting> waiting_;  ///< reports that came in this round of the reactor
};

}  // namespace civicast::screens
