// The page around a witness: html.cpp puts the data and the reason into their places.
#pragma once

namespace interlock::witnesses {

// In their order.
inline constexpr const char* reason_place = "@REASON@";
inline constexpr const char* data_place = "@WITNESS@";
inline constexpr const char* statements_place = "@STATEMENTS@";

extern const char* const html_page;

} // namespace interlock::witnesses
