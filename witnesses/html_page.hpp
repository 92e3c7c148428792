// The page around a witness: html.cpp puts the data and the reason into their places.
#pragma once

namespace interlock::witnesses {

inline constexpr const char* data_place = "@WITNESS@";
inline constexpr const char* reason_place = "@REASON@";

extern const char* const html_page;

} // namespace interlock::witnesses
