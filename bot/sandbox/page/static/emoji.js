// Emoji by Slack's names; a name that is not known stays as it is written.

const LIST = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 clap 👏 raised_hands 🙌 pray 🙏 wave 👋 muscle 💪 handshake 🤝
point_up ☝️ point_up_2 👆 point_down 👇 point_left 👈 point_right 👉 raised_hand ✋ hand ✋ v ✌️ crossed_fingers 🤞
call_me_hand 🤙 writing_hand ✍️ fist ✊ facepunch 👊 punch 👊 vulcan_salute 🖖 open_hands 👐 palms_up_together 🤲
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣 joy 😂
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘
yum 😋 stuck_out_tongue 😛 zany_face 🤪 hugging_face 🤗 face_with_hand_over_mouth 🤭 shushing_face 🤫 thinking_face 🤔
zipper_mouth_face 🤐 neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄
grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 face_with_thermometer 🤒 dizzy_face 😵
exploding_head 🤯 face_with_cowboy_hat 🤠 partying_face 🥳 sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟
slightly_frowning_face 🙁 open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺 fearful 😨 cold_sweat 😰
cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠
skull 💀 hankey 💩 clown_face 🤡 ghost 👻 alien 👽 robot_face 🤖 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊
saluting_face 🫡 melting_face 🫠 shrug 🤷 face_palm 🤦 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚
blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍 broken_heart 💔 sparkling_heart 💖 100 💯 anger 💢 boom 💥
collision 💥 dizzy 💫 sweat_drops 💦 dash 💨 hole 🕳️ bomb 💣 speech_balloon 💬 left_speech_bubble 🗨️ thought_balloon 💭
zzz 💤 eyes 👀 eye 👁️ brain 🧠 ear 👂 bust_in_silhouette 👤 busts_in_silhouette 👥 footprints 👣 detective 🕵️
technologist 🧑‍💻 firefighter 🧑‍🚒 ninja 🥷 superhero 🦸 mage 🧙 runner 🏃 running 🏃 walking 🚶 dancer 💃 cop 👮
construction_worker 👷 guardsman 💂 dog 🐶 cat 🐱 mouse 🐭 fox_face 🦊 bear 🐻 panda_face 🐼 tiger 🐯 lion_face 🦁 cow 🐮
pig 🐷 frog 🐸 monkey_face 🐵 chicken 🐔 penguin 🐧 bird 🐦 owl 🦉 horse 🐴 unicorn_face 🦄 bee 🐝 bug 🐛 butterfly 🦋
snail 🐌 turtle 🐢 snake 🐍 octopus 🐙 crab 🦀 tropical_fish 🐠 dolphin 🐬 whale 🐳 shark 🦈 elephant 🐘 sloth 🦥
dragon 🐉 t-rex 🦖 feet 🐾 cactus 🌵 christmas_tree 🎄 evergreen_tree 🌲 palm_tree 🌴 seedling 🌱 herb 🌿 four_leaf_clover 🍀
maple_leaf 🍁 mushroom 🍄 rose 🌹 sunflower 🌻 tulip 🌷 earth_americas 🌎 globe_with_meridians 🌐 full_moon 🌕 crescent_moon 🌙
sunny ☀️ sun_with_face 🌞 star ⭐ star2 🌟 sparkles ✨ zap ⚡ fire 🔥 cloud ☁️ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️
rainbow 🌈 snowflake ❄️ snowman ⛄ ocean 🌊 tornado 🌪️ droplet 💧 volcano 🌋 apple 🍎 banana 🍌 avocado 🥑 lemon 🍋
strawberry 🍓 cherries 🍒 peach 🍑 hot_pepper 🌶️ bread 🍞 cheese_wedge 🧀 pizza 🍕 hamburger 🍔 fries 🍟 taco 🌮 popcorn 🍿
doughnut 🍩 cookie 🍪 cake 🍰 birthday 🎂 icecream 🍦 coffee ☕ tea 🍵 beer 🍺 beers 🍻 wine_glass 🍷 champagne 🍾
clinking_glasses 🥂 soccer ⚽ basketball 🏀 trophy 🏆 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉
medal 🏅 dart 🎯 game_die 🎲 jigsaw 🧩 video_game 🎮 guitar 🎸 musical_note 🎵 art 🎨 clapper 🎬 microphone 🎤
headphones 🎧 ticket 🎫 car 🚗 taxi 🚕 bus 🚌 ambulance 🚑 fire_engine 🚒 police_car 🚓 truck 🚚 tractor 🚜 bike 🚲
rocket 🚀 airplane ✈️ helicopter 🚁 boat ⛵ ship 🚢 anchor ⚓ fuelpump ⛽ construction 🚧 traffic_light 🚥
vertical_traffic_light 🚦 busstop 🚏 world_map 🗺️ house 🏠 office 🏢 hospital 🏥 bank 🏦 factory 🏭 classical_building 🏛️
building_construction 🏗️ hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️
mantelpiece_clock 🕰️ clock1 🕐 clock3 🕒 clock9 🕘 clock12 🕛 calendar 📆 date 📅 spiral_calendar_pad 🗓️ phone ☎️ telephone ☎️
telephone_receiver 📞 iphone 📱 calling 📲 pager 📟 fax 📠 battery 🔋 electric_plug 🔌 computer 💻 desktop_computer 🖥️
keyboard ⌨️ printer 🖨️ floppy_disk 💾 cd 💿 minidisc 💽 camera 📷 video_camera 📹 tv 📺 satellite 🛰️ satellite_antenna 📡
flashlight 🔦 bulb 💡 candle 🕯️ moneybag 💰 dollar 💵 credit_card 💳 gem 💎 scales ⚖️ wrench 🔧 hammer 🔨 pick ⛏️
hammer_and_wrench 🛠️ hammer_and_pick ⚒️ gear ⚙️ nut_and_bolt 🔩 toolbox 🧰 magnet 🧲 test_tube 🧪 petri_dish 🧫 dna 🧬
microscope 🔬 telescope 🔭 syringe 💉 pill 💊 adhesive_bandage 🩹 stethoscope 🩺 door 🚪 broom 🧹 wastebasket 🗑️
shopping_trolley 🛒 fire_extinguisher 🧯 ladder 🪜 key 🔑 old_key 🗝️ lock 🔒 unlock 🔓 closed_lock_with_key 🔐
lock_with_ink_pen 🔏 shield 🛡️ crossed_swords ⚔️ gift 🎁 balloon 🎈 tada 🎉 confetti_ball 🎊 ribbon 🎀 crystal_ball 🔮
email 📧 e-mail 📧 envelope ✉️ incoming_envelope 📨 envelope_with_arrow 📩 inbox_tray 📥 outbox_tray 📤 package 📦
mailbox 📫 postbox 📮 label 🏷️ bookmark 🔖 bookmark_tabs 📑 scroll 📜 page_facing_up 📄 page_with_curl 📃 receipt 🧾
bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 chart 💹 clipboard 📋 pushpin 📌 round_pushpin 📍
paperclip 📎 linked_paperclips 🖇️ straight_ruler 📏 triangular_ruler 📐 scissors ✂️ card_index 📇 card_index_dividers 🗂️
card_file_box 🗃️ file_cabinet 🗄️ file_folder 📁 open_file_folder 📂 newspaper 📰 notebook 📓 ledger 📒 book 📖 books 📚
memo 📝 pencil 📝 pencil2 ✏️ lower_left_fountain_pen 🖋️ link 🔗 chains ⛓️ mag 🔍 mag_right 🔎 bell 🔔 no_bell 🔕 mega 📣
loudspeaker 📢 speaker 🔈 sound 🔉 loud_sound 🔊 mute 🔇 rotating_light 🚨 sos 🆘 warning ⚠️ radioactive_sign ☢️
biohazard_sign ☣️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 stop_sign 🛑 x ❌ o ⭕ heavy_multiplication_x ✖️
negative_squared_cross_mark ❎ white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ question ❓ grey_question ❔
exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕ bangbang ‼️ interrobang ⁉️ information_source ℹ️ recycle ♻️
infinity ♾️ atom_symbol ⚛️ white_circle ⚪ black_circle ⚫ red_circle 🔴 large_red_circle 🔴 large_blue_circle 🔵
large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_purple_circle 🟣 large_brown_circle 🟤
green_circle 🟢 large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦
large_purple_square 🟪 white_large_square ⬜ black_large_square ⬛ large_orange_diamond 🔶 large_blue_diamond 🔷
small_orange_diamond 🔸 small_blue_diamond 🔹 small_red_triangle 🔺 small_red_triangle_down 🔻 radio_button 🔘
arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_up_small 🔼
arrow_down_small 🔽 arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ arrows_counterclockwise 🔄 arrows_clockwise 🔃
repeat 🔁 twisted_rightwards_arrows 🔀 fast_forward ⏩ rewind ⏪ arrow_forward ▶️ arrow_backward ◀️ double_vertical_bar ⏸️
black_square_for_stop ⏹️ black_circle_for_record ⏺️ black_right_pointing_double_triangle_with_vertical_bar ⏭️ back 🔙 end 🔚
on 🔛 soon 🔜 top 🔝 new 🆕 free 🆓 up 🆙 ok 🆗 cool 🆒 ng 🆖 id 🆔 vs 🆚 heavy_plus_sign ➕ heavy_minus_sign ➖
heavy_division_sign ➗ tm ™️ copyright ©️ registered ®️ zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣
nine 9️⃣ keycap_ten 🔟 hash #️⃣ low_brightness 🔅 high_brightness 🔆 signal_strength 📶 vibration_mode 📳 mobile_phone_off 📴
checkered_flag 🏁 triangular_flag_on_post 🚩 crossed_flags 🎌 waving_black_flag 🏴 waving_white_flag 🏳️ rainbow-flag 🏳️‍🌈
flag-us 🇺🇸 us 🇺🇸 flag-gb 🇬🇧 gb 🇬🇧 flag-eu 🇪🇺 flag-de 🇩🇪 de 🇩🇪 flag-fr 🇫🇷 fr 🇫🇷 flag-in 🇮🇳 flag-jp 🇯🇵 jp 🇯🇵
flag-ca 🇨🇦 flag-br 🇧🇷 thread 🧵 yarn 🧶 safety_pin 🧷 luggage 🧳 umbrella ☔ crown 👑 mortar_board 🎓 eyeglasses 👓
rescue_worker_helmet ⛑️ ice_cube 🧊 siren 🚨
`;

const words = LIST.trim().split(/\s+/);
export const EMOJI = new Map(words.flatMap((word, index) => (index % 2 ? [] : [[word, words[index + 1]]])));

/** What people react with most, in front of the others. */
export const FREQUENT = ["+1", "eyes", "white_check_mark", "heart", "tada", "raised_hands", "pray", "fire", "rocket", "thinking_face", "joy", "saluting_face"];

export const emoji = (name) => EMOJI.get(name) ?? `:${name}:`;
export const withEmoji = (text) => text.replace(/:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/g, (_, name) => emoji(name));

/** Names that have `part` in them, those that begin with it first; one name for each picture. */
export function emojiNamed(part, most = 60) {
  const found = [...EMOJI.keys()].filter((name) => name.includes(part));
  found.sort((a, b) => Number(b.startsWith(part)) - Number(a.startsWith(part)));
  const shown = new Set();
  return found.filter((name) => !shown.has(EMOJI.get(name)) && shown.add(EMOJI.get(name))).slice(0, most);
}
