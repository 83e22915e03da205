// The emoji that opsbot and people who try it use; others stay as they are written.

const EMOJI = {
  alarm_clock: "⏰", arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄", ballot_box_with_check: "☑️",
  bangbang: "‼️", bar_chart: "📊", bell: "🔔", no_bell: "🔕", black_circle: "⚫", black_square_for_stop: "⏹️",
  book: "📖", books: "📚", bulb: "💡", busts_in_silhouette: "👥", calendar: "📅", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", clipboard: "📋", closed_lock_with_key: "🔐", construction: "🚧", eyes: "👀",
  exclamation: "❗", fast_forward: "⏩", fire: "🔥", fire_engine: "🚒", gear: "⚙️", green_circle: "🟢",
  grey_question: "❔", hammer_and_wrench: "🛠️", heavy_check_mark: "✔️", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", information_source: "ℹ️", key: "🔑", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_orange_circle: "🟠", large_purple_circle: "🟣", large_red_circle: "🔴",
  large_yellow_circle: "🟡", link: "🔗", lock: "🔒", loudspeaker: "📢", mag: "🔍", mega: "📣", memo: "📝",
  mute: "🔇", octagonal_sign: "🛑", ok: "🆗", ok_hand: "👌", pager: "📟", phone: "☎️", telephone_receiver: "📞",
  pencil2: "✏️", pushpin: "📌", question: "❓", red_circle: "🔴", repeat: "🔁", rocket: "🚀", rotating_light: "🚨",
  shield: "🛡️", siren: "🚨", snowflake: "❄️", sos: "🆘", speech_balloon: "💬", stop_sign: "🛑",
  stopwatch: "⏱️", tada: "🎉", test_tube: "🧪", thread: "🧵", thumbsup: "👍", thumbsdown: "👎", "+1": "👍",
  "-1": "👎", timer_clock: "⏲️", traffic_light: "🚦", unlock: "🔓", warning: "⚠️", wave: "👋",
  white_check_mark: "✅", white_circle: "⚪", wrench: "🔧", x: "❌", negative_squared_cross_mark: "❎", zap: "⚡",
  zzz: "💤",
};

export const emoji = (text) => EMOJI[text] ?? `:${text}:`;
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (_, word) => emoji(word));
