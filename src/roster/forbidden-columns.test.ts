import { expect, test } from 'vitest'
import { findForbiddenColumns, sayForbidden } from './forbidden-columns.ts'
import { COLUMNS } from './roster-line.ts'

test.each([
  // Koha
  [
    'title',
    'biblionumber',
    'itemnumber',
    'itemcallnumber',
    'isbn',
    'author',
    'issuedate',
    'date_due',
    'returndate',
    'itype',
  ],
  ['ccode', 'reservedate', 'waitingdate', 'checkin_date', 'issue_id', 'renewals_count', 'old_issues.issue_id'],
  // Sierra
  [
    'TITLE',
    'CALL #(ITEM)',
    'BARCODE(ITEM)',
    'RECORD #(BIBLIO)',
    'TOT CHKOUT',
    'CUR CHKOUT',
    'DUE DATE',
    'TITLE(HOLD)',
    'TOT RENEW',
  ],
  // Polaris
  [
    'BrowseTitle',
    'BrowseAuthor',
    'ItemRecordID',
    'ItemBarcode',
    'CheckOutDate',
    'DueDate',
    'MaterialType',
    'CallNumber',
  ],
  ['BibliographicRecordID', 'YTDCircCount', 'LifetimeCircCount', 'HoldStatus', 'Holds', 'Item Title'],
  // Symphony and others
  [
    'item id',
    'Item_Type',
    'item-cat1',
    'date charged',
    'Charges',
    'catkey',
    'Reading History',
    'loan history',
    'Overdue items',
  ],
  [
    'ISBN13',
    'ISSN',
    'Shelfmark',
    'Book title',
    'checked out items',
    'Items',
    'Titre',
    'Título',
    'Préstamos',
    'Ítem Barcode',
  ],
])('a header that shows borrowing is found: %s, …', (...header) => {
  expect(findForbiddenColumns(header)).toEqual(header)
})

test('the columns of our own format are honest', () => {
  expect(findForbiddenColumns(COLUMNS)).toEqual([])
})

test('the columns of Koha’s patron table are honest, but for the form of address', () => {
  const koha =
    'borrowernumber cardnumber surname firstname middle_name title othernames initials pronouns streetnumber streettype address address2 city state zipcode country email phone mobile fax emailpro phonepro B_address dateofbirth branchcode categorycode dateenrolled dateexpiry password_expiration_date date_renewed gonenoaddress lost debarred debarredcomment borrowernotes relationship sex opacnote sort1 sort2 smsalertnumber sms_provider_id privacy privacy_guarantor_fines privacy_guarantor_checkouts checkprevcheckout updated_on lastseen lang login_attempts anonymized autorenew_checkouts protected preferred_name'
  expect(findForbiddenColumns(koha.split(' '))).toEqual(['title'])
})

test.each([
  [
    'LastActivityDate',
    'last_seen',
    'CIRCACTIVE',
    'last_checkout_date',
    'Last Borrowed',
    'last_item_date',
    'Date of last use',
  ],
  ['salutation', 'job_description', 'authorized_by', 'auth_method', 'entitlement', 'card_issue_date', 'renewal_date'],
  [
    'PatronID',
    'Barcode',
    'P BARCODE',
    'RECORD #(PATRON)',
    'CREATED(PATRON)',
    'EXP DATE',
    'MBLOCK',
    'HOME LIBR',
    'P TYPE',
  ],
  [
    'amount_owed',
    'fines',
    'notice_preference',
    'overdue_notice_preference',
    'hold_pickup_branch',
    'max_checkouts',
    'loan_limit',
  ],
  [
    'membership_dues',
    'returned_mail',
    'registration_date',
    'call_me_first',
    'Household',
    'Threshold',
    'last_name',
    'state',
  ],
])('an honest column does not stop the import: %s, …', (...header) => {
  expect(findForbiddenColumns(header)).toEqual([])
})

test('the refusal names the columns and says what to do, also about a form of address', () => {
  expect(sayForbidden(['Title', 'Due Date'])).toBe(
    'The file shows what people borrow, in the columns “Title”, “Due Date”. Borrowing history never enters here, so nothing was read. Make the export again without them. If “title” is a form of address (Ms., Dr.), rename that column to salutation.',
  )
})
