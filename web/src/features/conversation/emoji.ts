export type Emoji = { group: Group; symbol: string; words: string };
export type Group = "smileys" | "hands" | "hearts" | "things" | "nature";

function group(name: Group, ...lists: string[]): Emoji[] {
  return lists
    .join("|")
    .split("|")
    .map((entry) => {
      const gap = entry.indexOf(" ");
      return { group: name, symbol: entry.slice(0, gap), words: entry.slice(gap + 1) };
    });
}

/** The available emoji, each with its search terms. */
export const emoji: readonly Emoji[] = [
  ...group(
    "smileys",
    "😀 grinning|😃 happy|😄 laugh|😁 beaming|😆 squint|😅 sweat|🤣 rofl|😂 joy tears|🙂 smile|🙃 upside down",
    "😉 wink|😊 blush|😇 angel|🥰 love hearts|😍 heart eyes|🤩 star struck|😘 kiss|😋 yum|😜 tongue wink|🤪 zany",
    "🤗 hug|🤭 oops|🤫 quiet|🤔 thinking|🤐 zip|😐 neutral|😑 expressionless|😶 speechless|😏 smirk|😒 unamused",
    "🙄 eye roll|😬 grimace|😌 relieved|😔 pensive|😪 sleepy|😴 sleeping|😷 mask ill|🤒 thermometer ill|🤕 hurt",
    "🤢 nausea|🤧 sneeze|🥵 hot|🥶 cold|😵 dizzy|🤯 mind blown|🥳 party|😎 cool|🤓 nerd|😕 confused|😟 worried",
    "🙁 frown|😮 surprised|😯 hushed|😲 astonished|😳 flushed|🥺 please|😦 anguished|😨 fearful|😰 anxious",
    "😥 sad relieved|😢 cry|😭 sob|😱 scream|😞 disappointed|😓 downcast|😩 weary|😫 tired|🥱 yawn|😤 huff",
    "😡 angry red|😠 angry|🤬 swearing",
  ),
  ...group(
    "hands",
    "👍 thumbs up yes|👎 thumbs down no|👌 ok|🤌 pinched|✌️ victory|🤞 fingers crossed|🤟 love you|🤙 call me",
    "👈 left|👉 right|👆 up|👇 down|☝️ one|✋ hand stop|👋 wave hello|👏 clap|🙌 raise|🤝 handshake deal",
    "🙏 thanks please|💪 strong|✍️ write|👀 eyes look|🧠 brain|🙋 raise hand|🤷 shrug|🤦 facepalm|🙆 ok person",
    "🙇 bow sorry",
  ),
  ...group(
    "hearts",
    "❤️ heart love|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart",
    "🤍 white heart|💔 broken heart|💕 two hearts|💯 hundred|✨ sparkles|⭐ star|🌟 glowing star|🔥 fire",
    "🎉 party tada|🎊 confetti|🎁 gift|🎂 cake birthday|🏆 trophy|🥇 first medal",
  ),
  ...group(
    "things",
    "✅ check done|☑️ checkbox|✔️ tick|❌ cross no|❗ exclamation|❓ question|⚠️ warning|🚫 forbidden|ℹ️ info",
    "🔔 bell|📞 phone|📱 mobile|💻 laptop|🖨️ printer|📧 mail|✉️ letter|📦 package parcel|🚚 truck delivery",
    "🛒 cart|🛍️ shopping|💳 card payment|💶 euro|💵 dollar|🧾 receipt invoice|📄 document|📎 clip|📝 note",
    "📅 calendar|⏰ alarm|⏳ hourglass wait|🔑 key|🔒 lock|🔓 unlock|🔍 search|💡 idea|🔧 wrench repair|🛠️ tools",
    "🔗 link|📷 camera|🎧 headset support|📍 pin place|🏠 home|🏢 office|🏪 shop|🏥 hospital|✈️ plane|🚗 car",
    "🚕 taxi|🚆 train|🚲 bike",
  ),
  ...group(
    "nature",
    "☀️ sun|🌤️ sun cloud|☁️ cloud|🌧️ rain|❄️ snow|🌈 rainbow|🌸 blossom|🌹 rose|🌻 sunflower|🌱 plant",
    "🍀 clover luck|🐶 dog|🐱 cat|🐭 mouse|🐰 rabbit|🦊 fox|🐻 bear|🐼 panda|🐸 frog|🐝 bee|🦋 butterfly|☕ coffee",
    "🍕 pizza|🍝 pasta|🍔 burger|🥗 salad|🍎 apple|🍋 lemon|🍓 strawberry|🍞 bread|🍷 wine|🍺 beer|🥂 cheers|🧊 ice",
  ),
];
