// SPDX-License-Identifier: Apache-2.0
// Looks for names in BXF as they come: under any prefix, in any case.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace civicast::exchange::bxf {

/// Whether a name, its prefix left out, is `wanted` in any case.
bool is_called(std::string_view name, std::string_view wanted);

/// The first child of that name, or an empty node.
pugi::xml_node child(pugi::xml_node parent, std::string_view name);
std::vector<pugi::xml_node> children(pugi::xml_node parent, std::string_view name);
/// "PrimaryEvent/NonProgramEvent/Details": child by child.
pugi::xml_node at_path(pugi::xml_node parent, std::string_view path);
/// Every element of that name below `root`, in order, none inside another.
std::vector<pugi::xml_node> all_below(pugi::xml_node root, std::string_view name);

/// What stands in it, without the blanks around; empty for an empty node.
std::string text_of(pugi::xml_node node);
/// Empty where there is no such attribute.
std::string attribute(pugi::xml_node node, std::string_view name);

}  // namespace civicast::exchange::bxf
