// An ensemble as viv ensemble prints it.
#pragma once

#include "ensemble/ensemble.h"

#include <boost/json/object.hpp>

#include <string>

namespace zk::viv {

// "server 1  LEADING     127.0.0.1:2181  epoch 1  zxid 0x100000000", a line each, with its problem where it
// has one.
std::string viewText(const ensemble::EnsembleView& view);
boost::json::object viewJson(const ensemble::EnsembleView& view);

// The line for an event that changes what a server is: its state, serving, and what its log warns of. Empty
// for the others.
std::string eventLine(const trace::Event& event);

} // namespace zk::viv
