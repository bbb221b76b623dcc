// The names of a US town, by where a family's name comes from: shares, languages, spellings and scripts. Lists, not
// rules, so that somebody who knows a language better can correct them without reading code.

export interface Heritage {
  /** Of a hundred households. */
  share: number
  /** What the roster says of the language; '' is a blank, which is what most desks leave. */
  languages: Record<string, number>
  given: readonly string[]
  family: readonly string[]
  /** The same names in their own script, for the share of households whose desk typed it so. */
  native?: { share: number; given: readonly string[]; family: readonly string[] }
  /** Two surnames, as Spanish-speaking families write them. */
  doubleSurnameShare?: number
}

const list = (names: string): readonly string[] => names.split('|')

export const everydayNames: Record<string, string> = {
  William: 'Bill',
  Robert: 'Bob',
  Elizabeth: 'Liz',
  Katherine: 'Kate',
  Catherine: 'Cathy',
  Margaret: 'Peggy',
  Jonathan: 'Jon',
  Johnathan: 'Johnny',
  Michael: 'Mike',
  Patricia: 'Pat',
  Alexander: 'Alex',
  Theodore: 'Ted',
  Francisco: 'Paco',
  Guadalupe: 'Lupe',
  José: 'Pepe',
  Dolores: 'Lola',
  Александра: 'Саша',
  Aleksandr: 'Sasha',
  Mohammed: 'Mo',
}

/** What some families from elsewhere go by at the desk. */
export const adoptedNames = list('Amy|Kevin|Grace|Jenny|Tony|Lucy|Eric|Linda|Vivian|Andy|Helen|Jason')

export const heritages: readonly Heritage[] = [
  {
    share: 60,
    languages: { en: 58, '': 42 },
    given: list(
      'James|Mary|Robert|Patricia|John|Jennifer|Michael|Linda|David|Elizabeth|William|Barbara|Richard|Susan|Joseph|' +
        'Jessica|Thomas|Karen|Christopher|Sarah|Charles|Nancy|Daniel|Margaret|Matthew|Sandra|Anthony|Ashley|Mark|' +
        'Katherine|Catherine|Kathryn|Donald|Emily|Steven|Stephen|Donna|Andrew|Michelle|Paul|Carol|Joshua|Amanda|' +
        'Kenneth|Melissa|Kevin|Deborah|Brian|Stephanie|George|Rebecca|Timothy|Sharon|Jonathan|Johnathan|Laura|' +
        'Theodore|Cynthia|Alexander|Amy|Tyrone|Keisha|DeShawn|Ebony|Mary Ann|Jo-Beth|Ava|Liam|Noah|Olivia|Ethan|Zoe|' +
        "D'Andre|Aaliyah|Caleb|Hannah|Wyatt|Ruth|Earl|Opal",
    ),
    family: list(
      "Smith|Johnson|Williams|Brown|Jones|Miller|Davis|Wilson|Anderson|Thomas|Taylor|Moore|Jackson|Martin|O'Brien|" +
        'Thompson|Thomson|White|Harris|Clark|Clarke|Lewis|Robinson|Walker|Young|Allen|King|Wright|Scott|Hill|Green|' +
        'Adams|Baker|Hall|Campbell|Mitchell|Carter|Roberts|Phillips|Philips|Evans|Turner|Parker|Collins|Edwards|' +
        "Stewart|Stuart|Morris|Murphy|Cook|Rogers|Morgan|Cooper|Reed|Reid|Bailey|Kelly|Kelley|O'Neill|O’Connor|" +
        "McDonald|MacDonald|Van Buren|St. James|Smith-Jones|Washington|Freeman|Booker|Hatfield|D'Angelo|Shay|Yoder",
    ),
  },
  {
    share: 5,
    languages: { en: 45, '': 50, fr: 3, de: 2 },
    given: list(
      'François|Zoë|Jürgen|Anaïs|Søren|Åsa|Łukasz|Małgorzata|Chloé|Björn|Renée|Matthäus|Giulia|Siân|Noël|Zdeněk',
    ),
    family: list(
      "Müller|Lefèvre|Wójcik|Kowalski|Sørensen|Nyström|Strauß|D'Amico|De Luca|Dvořák|Fernández-Weiß|Béliveau|" +
        'Schröder|Ångström|Nowak|Ó Súilleabháin',
    ),
  },
  {
    share: 14,
    languages: { es: 48, en: 24, '': 28 },
    given: list(
      'María|José|Guadalupe|Juan|Ana|Luis|Rosario|Carlos|Sofía|Miguel|Lucía|Jesús|Dolores|Ángel|Verónica|Andrés|' +
        'Beatriz|Héctor|Íñigo|Ximena|Raúl|Begoña|Francisco|Inés|Martín|Nuria|Óscar|Paloma|Sebastián|Yolanda',
    ),
    family: list(
      'García|Garcia|Rodríguez|Martínez|Hernández|López|Gonzáles|González|Pérez|Sánchez|Ramírez|Flores|Rivera|Núñez|' +
        'Gómez|Díaz|Cruz|Reyes|Morales|Ortiz|de la Cruz|Ibáñez|Muñoz|Peña|Vásquez|Vázquez|Castillo|Jiménez',
    ),
    doubleSurnameShare: 0.3,
  },
  {
    share: 5,
    languages: { zh: 40, en: 28, '': 32 },
    given: list('Wei|Xiu Ying|Jun|Min|Jing|Lei|Yan|Qiang|Mei|Hui|Xin Yi|Zhen|Li Na|Bo'),
    family: list('Wang|Li|Zhang|Liu|Chen|Chan|Yang|Huang|Wong|Zhao|Wu|Ng|Zhou|Lin'),
    native: {
      share: 0.2,
      given: list('伟|秀英|俊|敏|静|磊|艳|强|美玲|慧|欣怡|珍|丽娜|浩然'),
      family: list('王|李|张|刘|陳|杨|黄|赵|吴|周|林|歐陽'),
    },
  },
  {
    share: 3,
    languages: { vi: 42, en: 28, '': 30 },
    given: list('Thị Hương|Văn Minh|Ngọc Anh|Quốc Bảo|Thu Hà|Đức|Minh Châu|Tuấn|Kim Liên|Hải Đăng|Thanh Tâm|Phương'),
    family: list('Nguyễn|Nguyen|Trần|Tran|Lê|Phạm|Huỳnh|Hoàng|Phan|Vũ|Đặng|Bùi'),
  },
  {
    share: 2,
    languages: { ko: 40, en: 30, '': 30 },
    given: list('Ji-woo|Min-jun|Seo-yeon|Ha-eun|Do-yun|Eun Ji|Sung Ho|Hye-jin|Young-soo|Jae-won'),
    family: list('Kim|Lee|Park|Choi|Jung|Kang|Cho|Yoon'),
    native: {
      share: 0.2,
      given: list('지우|민준|서연|하은|도윤|은지|성호|혜진'),
      family: list('김|이|박|최|정|강|조|윤'),
    },
  },
  {
    share: 3,
    languages: { ar: 38, en: 32, '': 30 },
    given: list("Mohammed|Muhammad|Mohamed|Fatima|Fatimah|Ahmed|Aisha|A'isha|Omar|Layla|Yusuf|Noor|Khalid|Maryam"),
    family: list("Al-Masri|El-Sayed|Haddad|Hussein|Husain|Khoury|Nasser|Abdul-Rahman|Al Jabari|Sa'id|Saleh|Mansour"),
    native: {
      share: 0.15,
      given: list('محمد|فاطمة|أحمد|عائشة|عمر|ليلى|يوسف|نور|خالد|مريم'),
      family: list('المصري|السيد|حداد|حسين|خوري|ناصر|عبد الرحمن|صالح'),
    },
  },
  {
    share: 3,
    languages: { hi: 30, en: 45, '': 25 },
    given: list('Aarav|Priyanka|Rohan|Ananya|Vikram|Deepa|Arjun|Kavya|Sanjay|Meera|Rahul|Lakshmi'),
    family: list('Patel|Sharma|Singh|Gupta|Reddy|Iyer|Kumar|Nair|Desai|Venkataraman|Mehta|Rao'),
    native: {
      share: 0.12,
      given: list('आरव|प्रियंका|रोहन|अनन्या|विक्रम|दीपा|अर्जुन|काव्या'),
      family: list('पटेल|शर्मा|सिंह|गुप्ता|रेड्डी|कुमार|मेहता'),
    },
  },
  {
    share: 2,
    languages: { ru: 36, uk: 10, en: 26, '': 28 },
    given: list('Aleksandr|Olga|Sergei|Sergey|Natalya|Iryna|Mykola|Tatiana|Ivan|Yelena|Oksana|Pavel'),
    family: list('Ivanov|Petrova|Kuznetsov|Shevchenko|Kovalenko|Volkov|Smirnova|Bondarenko|Melnyk|Popov'),
    native: {
      share: 0.25,
      given: list('Александра|Ольга|Сергей|Наталья|Ірина|Микола|Татьяна|Иван|Елена|Оксана'),
      family: list('Иваненко|Петренко|Шевченко|Коваленко|Волк|Бондаренко|Мельник|Черных'),
    },
  },
  {
    share: 1,
    languages: { he: 25, en: 50, '': 25 },
    given: list('Noa|Yael|Avi|Shira|Moshe|Tamar|Eitan|Rivka'),
    family: list("Cohen|Levi|Mizrahi|Ben-David|Katz|Friedman|Bar-Lev|Sha'ul"),
    native: {
      share: 0.2,
      given: list('נועה|יעל|אבי|שירה|משה|תמר|איתן'),
      family: list('כהן|לוי|מזרחי|בן־דוד|כץ|פרידמן'),
    },
  },
  {
    share: 2,
    languages: { en: 40, so: 20, am: 10, '': 30 },
    given: list("Chidi|Ngozi|Kwame|Adwoa|Abdi|Hodan|Tesfaye|Selam|Olúwaṣeun|Ifẹ́|Thulani|N'Golo"),
    family: list('Okonkwo|Adéyẹmí|Mensah|Osei|Warsame|Hassan|Bekele|Tadesse|Eze|Nwosu|Diallo|Mbeki'),
  },
]
