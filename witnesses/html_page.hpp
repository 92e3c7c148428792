// The page around a witness: html.cpp puts the data where `data_place` stands.
#pragma once

namespace interlock::witnesses {

inline constexpr const char* data_place = "@WITNESS@";

extern const char* const html_page;

} // namespace interlock::witnesses
