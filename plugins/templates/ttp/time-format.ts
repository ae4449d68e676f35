const NAMES = {
  days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  months: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
};

/** `strftime` in local time: a text with `%Y-%m-%d` and the like replaced. Codes that are not known stay. */
export function formatTime(template: string, now: Date): string {
  return template.replace(/%(.)/g, (code, letter: string) => part(letter, now) ?? code);
}

function part(letter: string, now: Date): string | undefined {
  const two = (number: number): string => String(number).padStart(2, "0");
  switch (letter) {
    case "Y":
      return String(now.getFullYear());
    case "y":
      return two(now.getFullYear() % 100);
    case "m":
      return two(now.getMonth() + 1);
    case "d":
      return two(now.getDate());
    case "H":
      return two(now.getHours());
    case "I":
      return two(now.getHours() % 12 || 12);
    case "M":
      return two(now.getMinutes());
    case "S":
      return two(now.getSeconds());
    case "p":
      return now.getHours() < 12 ? "AM" : "PM";
    case "A":
      return NAMES.days[now.getDay()];
    case "a":
      return NAMES.days[now.getDay()]?.slice(0, 3);
    case "B":
      return NAMES.months[now.getMonth()];
    case "b":
      return NAMES.months[now.getMonth()]?.slice(0, 3);
    case "%":
      return "%";
    default:
      return undefined;
  }
}
