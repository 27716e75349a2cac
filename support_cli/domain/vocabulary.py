"""The words of a help desk: those that say nothing, and those that say the same.

Both lists were grown on the `tune` half of tests/knowledge/questions.jsonl; a word belongs here
because customers of any shop use it so, never to answer one question.
"""

from __future__ import annotations

STOP_WORDS = """
a able about actually after again ago all allowed already also am an and any anybody anyone
anything anyway are as at away be because been before being but by can could dear did do
does doing done ever few find for from gave get gets getting give given go goes going gone
got had happen happened happens has have having hello help her here hey hi him his how
however i if in into is it its just kindly know let like likes look looking made make makes
many may maybe me might mine more morning must my need needed needs now of off ok okay on
once one only oops or other our ours out own perhaps please possible put quite rather really
recently same shall she should since so some somebody someone something soon still such sure
take takes taking tell than thank thanks that the their them then there these they thing
things this those though through till to too took try trying under unfortunately until up us
use used usually very want wants was way ways we well were what when where whether which
while why will wish with wonder wondering work working works would yes yesterday yet you
your yours yourself
"""

# One meaning a line; the first phrase stands for all. Phrases are matched before stop words go.
SAME_MEANING = """
account, profile
add, insert
address, street
advertising, marketing, ad, promotion, promotional
amount, sum
another person, son, daughter, boyfriend, girlfriend, colleague, grandmother, grandfather, family
another person, somebody else, someone else, anybody else, other people, other person, friend
another person, wife, husband, partner, mother, mum, mom, father, dad, sister, brother, aunt, uncle
answer, reply, respond
arrive, come, came, receive, received, turn up, show up
authenticator, authenticator app
back, again
big, bigger, large, larger
broken, broke, defective, defect, faulty, fault, stopped working, stop working, stops working
by accident, accidentally, by mistake
cancel, call off, annul
card, credit card, debit card, bank card
carrier, courier, driver, postman, mailman
change, edit, update, modify, correct, alter, amend, replace
choose, select, pick
company, business, firm
contact, reach
copy, export
cost, costs, price, fee, charge, how much, expensive, pricey
country, countries, abroad, overseas
damaged, smashed, cracked, scratched
day, working day, business day
delete, erase
delete account, my account closed, remove account, cancel my account, account deletion
delete account, delete the account, delete your account, my account deleted, remove my account
delete account, close account, close my account, close the account, delete my account
deliver, delivery, ship, shipping, shipment, dispatch
different, another
discount code, coupon, promo code, discount voucher, coupon code, promotion code, voucher code
dislike, do not like, does not like
email, e mail, mail, e mails
enter, put in, type in, fill in
eu, european union
exchange, swap
expire, expiry, run out, invalid, no longer valid, not valid
forget, forgot, forgotten, can not remember, do not remember, do not know
free, free of charge, no charge, at no cost
gdpr, data protection
gift, present
gift card, gift voucher, gift certificate, voucher
hour, opening hour, open, opening time, opening
how long, when do, when does, when will, when is, when are, when can, until when, how soon
how long, how quickly, how quick, how many working days, how many business days
how long, how many days, how many years, how many weeks, how many months, how much time, how fast
instalment, installment, monthly payment, pay monthly, in rates
invoice, bill, receipt
item, product, good, article, stuff, purchases
item, headphones, laptop, tablet, computer, camera, watch, speaker, monitor, keyboard, device
item, book, toy, game, lamp, chair, table, sofa, bed, vase, kettle, toaster, mixer, machine, pan
item, shoe, boot, trousers, jeans, shirt, dress, jacket, coat, sweater, hat, bag, clothes, glasses
login, log in, sign in, log on, sign on, get in, get back in
lose, lost
lower, less, too low, too little
mailing list, newsletter
name, surname, last name, family name
not, never, no, nothing, nobody, without, no longer
not at home, nobody at home, nobody is at home, not be at home, was out, were out, not home
not work, not working, does not work, do not work, not function
order, buy, bought, purchase
parcel, package, packet
pay, paid, payment
payment method, payment option, way to pay, way of paying, means of payment, form of payment
person, people
phone, mobile, telephone, smartphone, cellphone
phone call, call, ring
place, placed
redeem, spend
refund, money back, get back money, reimburse, reimbursement
register, sign up, create account
return, send it back, send things back, send something back, sending things back, give it back
return, send back, bring back, give back, sending back, sent back
see, view, look at, look up, find out, check
send, sent
several, multiple, split
share, pass on
shop, store, physical store, local shop
speak, talk, spoke
stop, cease
track, trace, follow
turn off, turn two factor off, switch off, disable, deactivate, turned off
turn on, switch on, enable, activate, set up, turned on
two factor, two step verification, two factor verification, two step authentication
two factor, 2fa, mfa, two step, 2 step, 2 factor, second factor, two factor authentication
uk, united kingdom, great britain, britain, england
unsubscribe, opt out
vat, tax
warranty, guarantee
web site, site, website, web page, page
"""
