// Borrowing history never enters (PROMISE 5): a patron file whose header shows what people borrow is refused as a whole,
// even when no mapping reads that column, because the file itself should not have left the library system.

/** Names as squeezed by `squeeze`: small letters and digits only, "#" read as "number". */
const CARRIES_HISTORY: RegExp[] = [
  // what it was
  /^(?:the)?(?:item|browse|book|bib|biblio|bibliographic|main|full|uniform|short|series|hold|loan|checkout|fine|last|first|material|work|patron|name)*titles?(?:no|proper|author)?$/,
  /isbn|issn|^(?:upc|ean|oclc|lccn)(?:number|no)?$/,
  /^(?:item|browse|book|bib|biblio|main|first|last)*authors?(?:title)?$/,
  /^(?:last|current|checkedout|charged|borrowed|overdue|lost|on?loan|hold|fine)*items?\d*(?:id|key|no|num|number|barcode|barcodes|record|recordid|recordnumber|recordnum|type|types|title|titles|author|call|callnumber|callno|cat\d?|category\d?|location|library|branch|status|price|cost|name|description|desc|format|code|class|collection|due|duedate|dueon|date|out|checkedout|borrowed|onloan|lost|held|count|list)*$/,
  /^(?:itype|ccode|collectioncode|materialtype|mattype|materials?|books?|booktitles?|genres?|subjectheadings?)$/,
  /callnumber|callno$|shelfmark|dewey/,
  /^bib(?:lio)?(?:graphic)?s?(?:record)?(?:id|number|no|num|key)?$|^biblioitem|^titleid$|^titlekey$|catkey$|catalogkey$/,
  /^record(?:number|num|no)?(?:item|biblio|bib|checkout|order|volume|hold)$/,
  // when it was taken, is due, came back
  /check(?:ed)?outs?|chkouts?|^cko|ckodate|circ(?:ulation)?(?:count|history|status|trans)|charge(?:s|d)?(?:date|on|at|history|count)?$|^date(?:charged|borrowed|loaned|checkedout|due)/,
  /^(?:current|total|active|old|number|num)?(?:of)?(?:loans?|issues|borrowings?|borrowed)(?:id|date|count|history|key)?$|^issue(?:id|date)$|^oldissues/,
  /^(?:item|loan|book|next|first|last|earliest)*due(?:date|on|back|at|time)?s?$|duedate|datedue|overdue(?:s|items?|titles?|books?|date|days)?$/,
  /^(?:date)?(?:check(?:ed)?in|return(?:ed)?|discharged?)(?:date|on|at|time)?$|^date(?:returned|checkedin|discharged)$/,
  /^(?:tot|total|item|loan|number|num)(?:of)?renew(?:al)?s?$|^renewals?(?:count|remaining|left)?$/,
  // what is waited for
  /^(?:current|active|ready|unfilled|total|number|num|item|my)*(?:of)?(?:holds?|reserves?|reservations?|requests?)(?:id|key|number|item|items|record|status|placed|placedon|date|ready|expires|list|count|queue|position)*$|^waitingdate$/,
  /(?:reading|borrowing|loan|lending|issue|hold)s?(?:history|log|list)|^history$|^readinglog$|^wishlist$/,
  // the same in Spanish and French
  /^(?:titulos?|autor(?:es)?|prestamos?|signatura|ejemplar(?:es)?|reservas?|fechadevolucion|fechaprestamo|fechadeprestamo)$/,
  /^(?:titres?|auteurs?|cote|exemplaires?|prets?|dateretour|datepret)$/,
]

/** One date of last use is what the import needs, whatever the system calls it; settings and limits are no history. */
const HONEST: RegExp[] = [
  /^(?:patron)?(?:date(?:of)?)?last(?:circ|circulation|checkout|checkedout|check|cko|borrow|borrowed|loan|issue|charge|activity|active|use|used|item)?(?:date|on|at|time|activity|use)*$/,
  /^(?:max|maximum|privacy|autorenew|checkprev|allow)|(?:limit|allowed|preference|pref)$/,
]

/** "Item_Barcode", "ITEM BARCODE" and "itemBarcode" are one name. */
function squeeze(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain
    .replaceAll('#', 'number')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(0, 80)
}

/** The columns of the header that carry borrowing history, as they are written in the file. */
export function findForbiddenColumns(header: readonly string[]): string[] {
  return header.filter((name) => {
    // Sierra says in brackets which record a field comes from.
    if (/\((?:item|biblio|bib|checkout|hold|volume|order)\)\s*$/i.test(name)) return true
    const squeezed = squeeze(name)
    return !HONEST.some((rule) => rule.test(squeezed)) && CARRIES_HISTORY.some((rule) => rule.test(squeezed))
  })
}

/** What happened, what it means, what to do. */
export function sayForbidden(columns: readonly string[]): string {
  const named = columns.map((name) => `“${name.trim()}”`).join(', ')
  const many = columns.length > 1
  const address = columns.some((name) => /title/i.test(name))
    ? ' If “title” is a form of address (Ms., Dr.), rename that column to salutation.'
    : ''
  return `The file shows what people borrow, in the column${many ? 's' : ''} ${named}. Borrowing history never enters here, so nothing was read. Make the export again without ${many ? 'them' : 'it'}.${address}`
}
