// Where the people of Maple Falls live and how they can be reached. Every address is invented, every mailbox lies at a
// domain kept for examples, and every phone at 555-0100 to 555-0199, which no telephone company gives out.
// Mailboxes and houses are numbered, so no two households meet by accident. Phones cannot be: 336 area codes of 100
// numbers make 33,600. They are dealt in a mixed order, each once before any comes again; a town of 20,000 stays clear of
// accidents, and in a roster of a million every number returns some 20 times, among people who do not know each other.
import type { Random } from './random.ts'

// The geographic area codes of the United States, less 740: that one is for the demo library and its known people.
const areaCodes = (
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 228 229 231 234 239 240 248 251 ' +
  '252 253 254 256 260 262 267 269 270 272 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 ' +
  '320 321 323 325 327 330 331 332 334 336 337 339 341 346 347 351 352 360 361 364 380 385 386 401 402 404 405 406 407 ' +
  '408 409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 442 443 445 447 448 458 463 464 469 470 475 478 ' +
  '479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 531 534 539 540 541 551 559 561 562 ' +
  '563 564 567 570 571 573 574 575 580 582 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617 618 619 620 ' +
  '623 626 628 629 630 631 636 640 641 646 650 651 656 657 659 660 661 662 667 669 678 680 681 682 689 701 702 703 704 ' +
  '706 707 708 712 713 714 715 716 717 718 719 720 724 725 726 727 731 732 734 737 743 747 754 757 760 762 763 765 769 ' +
  '770 771 772 773 774 775 779 781 785 786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 820 826 828 830 ' +
  '831 832 835 838 839 840 843 845 847 848 850 854 856 857 858 859 860 862 863 864 865 870 872 878 901 903 904 906 907 ' +
  '908 909 910 912 913 914 915 916 917 918 919 920 925 928 929 930 931 934 936 937 938 940 941 943 945 947 948 949 951 ' +
  '952 954 956 959 970 971 972 973 975 978 979 980 983 984 985 986 989'
).split(' ')

/** How many phones there are before one comes again. */
export const phonesInAll = areaCodes.length * 100

/** The nth phone, as ten digits. */
export function phoneDigits(n: number): string {
  // A prime step walks through all of them in an order that looks drawn.
  const at = (n * 7919) % phonesInAll
  return `${areaCodes[at % areaCodes.length]}55501${String(Math.floor(at / areaCodes.length)).padStart(2, '0')}`
}

/** One of the ways in which desks type a phone. */
export function typePhone(random: Random, digits: string): string {
  const [area, exchange, line] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)]
  const way = random.below(20)
  if (way < 9) return `${area}-${exchange}-${line}`
  if (way < 14) return `(${area}) ${exchange}-${line}`
  if (way < 17) return digits
  if (way < 19) return `${area}.${exchange}.${line}`
  return `+1 ${area} ${exchange} ${line}`
}

export interface Home {
  line1: string
  line2: string
  postalCode: string
}

const streetNames =
  'Millrace|Lantern|Quarry|Heron|Tannery|Sycamore Bend|Weaver|Cider Press|Ferry|Orchard Gate|Kiln|Foxglove|Chandler|' +
  'Towpath|Old Mill|Larkspur|Cooper|Whistle Stop|Dry Dock|Bellfounder|Juniper Hollow|Saddler|Mapleseed|Candlewick|' +
  "Ropewalk|Thistledown|Granary|Lockkeeper|Sugarbush|St. Brigid's|Salt Lick|Copperleaf|Gristmill|Bobolink|Ash Hollow|" +
  'Printer|Sawyer|Spillway|Buckeye Rise|Wren'
const kinds = ['Street', 'Lane', 'Avenue', 'Road'] as const
const shortKinds = { Street: 'St', Lane: 'Ln', Avenue: 'Ave.', Road: 'Rd' } as const
const streets = streetNames.split('|').flatMap((name) => kinds.map((kind) => ({ name, kind })))

/** The nth home. `branch` is the nearest one; its number ends the postal code, of a range that is not given out. */
export function drawHome(random: Random, n: number, branch: number): Home {
  const street = streets[(n * 37) % streets.length]!
  const number = 1 + Math.floor(n / streets.length)
  return {
    line1: `${number} ${street.name} ${street.kind}`,
    line2: random.chance(0.22) ? `Apt ${random.between(1, 48)}` : '',
    postalCode: `4399${(branch % 5) + 1}`,
  }
}

/** The same home as another hand would write it: shortened, in capitals, with the longer postal code. */
export function writeHomeAnotherWay(random: Random, home: Home): Home {
  const kind = kinds.find((kind) => home.line1.endsWith(kind))
  const shorter = kind === undefined ? home.line1 : home.line1.slice(0, -kind.length) + shortKinds[kind]
  return {
    line1: random.chance(0.5) ? shorter.toUpperCase() : shorter,
    line2: home.line2.replace('Apt ', '#'),
    postalCode: random.chance(0.5) ? `${home.postalCode}-0${random.between(100, 199)}` : home.postalCode,
  }
}

const mailDomains = ['example.com', 'example.com', 'example.org', 'example.net', 'mail.test'] as const

/** The nth mailbox; `plain` may be empty. One in two hundred is dead: the demo's mail server refuses `bounces…`. */
export function drawEmail(random: Random, n: number, plain: string): string {
  const number = n.toString(36)
  if (random.chance(0.005)) return `bounces.${number}@example.org`
  const email = `${plain === '' ? 'reader' : plain}.${number}@${random.pick(mailDomains)}`
  const habit = random.next()
  if (habit < 0.01) return email.toUpperCase()
  if (habit < 0.013) return `${email}; ${plain === '' ? 'reader' : plain}.${number}.home@example.net`
  return email
}
