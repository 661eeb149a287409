/** What a mail that came back was: its addresses, and what its servers said. */
export interface ReturnedMail {
  /** Where it comes back to: the return path of the mail that was sent. */
  verp: string;
  /** With angle brackets. */
  messageId: string;
  to: string;
  status?: string;
  diagnostic?: string;
  action?: string;
}

const lines = (text: string): Buffer => Buffer.from(text.replace(/^\n/, "").replace(/\r?\n/g, "\r\n"));

const sent = ({ verp, messageId, to }: ReturnedMail) => `Return-Path: <${verp}>
Received: from chapar.shop.example (chapar.shop.example [192.0.2.10])
	by mx.shop.example (Postfix) with ESMTPS id 4cFk2L0Zyqz2xJ
	for <${to}>; Mon,  4 May 2026 09:12:02 +0330 (+0330)
From: Shop <news@shop.example>
To: ${to}
Subject: =?UTF-8?B?2LPZhNin2YU=?=
Message-ID: ${messageId}
Date: Mon, 04 May 2026 05:42:02 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
`;

/** As Postfix writes it (bounce(8)), with the headers of the mail or all of it. */
export const postfixBounce = (mail: ReturnedMail): Buffer =>
  lines(`
Return-Path: <>
Received: by mx.shop.example (Postfix)
	id 5D1F340A2C; Mon,  4 May 2026 09:12:04 +0330 (+0330)
Date: Mon,  4 May 2026 09:12:04 +0330 (+0330)
From: MAILER-DAEMON@mx.shop.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ${mail.verp}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4F22F40A2B.1777871524/mx.shop.example"
Content-Transfer-Encoding: 8bit
Message-Id: <20260504054204.5D1F340A2C@mx.shop.example>

This is a MIME-encapsulated message.

--4F22F40A2B.1777871524/mx.shop.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host mx.shop.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<${mail.to}>: host mail.example.net[203.0.113.25] said: ${mail.diagnostic ?? "550 5.1.1 No such user"}
    (in reply to RCPT TO command)

--4F22F40A2B.1777871524/mx.shop.example
Content-Description: Delivery report
Content-Type: message/delivery-status
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; mx.shop.example
X-Postfix-Queue-ID: 4F22F40A2B
X-Postfix-Sender: rfc822; ${mail.verp}
Arrival-Date: Mon,  4 May 2026 09:12:02 +0330 (+0330)

Final-Recipient: rfc822; ${mail.to}
Original-Recipient: rfc822;${mail.to}
Action: ${mail.action ?? "failed"}
Status: ${mail.status ?? "5.1.1"}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; ${mail.diagnostic ?? "550 5.1.1 No such user"}

--4F22F40A2B.1777871524/mx.shop.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 8bit

${sent(mail)}
--4F22F40A2B.1777871524/mx.shop.example--
`);

/** As Exim writes it since 4.86: the status is always 5.0.0, what the other server said stands beside it. */
export const eximBounce = (mail: ReturnedMail): Buffer =>
  lines(`
Return-path: <>
Envelope-to: ${mail.verp}
Delivery-date: Mon, 04 May 2026 07:42:05 +0200
Received: from Debian-exim by mail.example.org with local (Exim 4.96)
	id 1uBpYb-00061C-2K
	for ${mail.verp};
	Mon, 04 May 2026 07:42:05 +0200
X-Failed-Recipients: ${mail.to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.example.org>
To: ${mail.verp}
References: ${mail.messageId}
Content-Type: multipart/report; report-type=delivery-status; boundary=1777873325-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1uBpYb-00061C-2K@mail.example.org>
Date: Mon, 04 May 2026 07:42:05 +0200

--1777873325-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ${mail.to}
    host mx.example.net [203.0.113.7]
    SMTP error from remote mail server after RCPT TO:<${mail.to}>:
    ${mail.diagnostic ?? "550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown"}

--1777873325-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Action: ${mail.action ?? "failed"}
Final-Recipient: rfc822;${mail.to}
Status: ${mail.status ?? "5.0.0"}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; ${mail.diagnostic ?? "550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown"}

--1777873325-eximdsn-1804289383
Content-type: message/rfc822

${sent(mail)}
Hello
--1777873325-eximdsn-1804289383--
`);

/** As Exchange writes it: HTML in base64, a display name among the fields, the whole mail at the end. */
export const exchangeBounce = (mail: ReturnedMail): Buffer => {
  const html = Buffer.from(`<html><body><p><b>Your message couldn't be delivered.</b></p></body></html>`);
  return lines(`
Received: from AM0PR03CA0042.eurprd03.prod.outlook.com (2603:10a6:208::19) by
 DB9PR03MB7609.eurprd03.prod.outlook.com; Mon, 4 May 2026 05:42:06 +0000
From: <postmaster@outlook.example>
To: <${mail.verp}>
Date: Mon, 4 May 2026 05:42:06 +0000
MIME-Version: 1.0
X-MS-Exchange-Message-Is-Ndr:
Content-Type: multipart/report; report-type=delivery-status;
	boundary="9B095B5ADSN=_01DCDB0A5C3E5F2C00007F0ADB9PR03MB7609"
X-DSNContext: 335a7efd - 4480 - 00000001 - 80040546
In-Reply-To: ${mail.messageId}
References: ${mail.messageId}
Message-ID: <f1b6a0d3-5f0e-4c05-8c3d-70a4d3a5a2c1@DB9PR03MB7609.eurprd03.prod.outlook.com>
Subject: Undeliverable: Hello

--9B095B5ADSN=_01DCDB0A5C3E5F2C00007F0ADB9PR03MB7609
Content-Type: multipart/alternative; differences=Content-Type;
	boundary="35b1a7f4-6f5c-4b52-8a2e-1f2cb2bd8c11"

--35b1a7f4-6f5c-4b52-8a2e-1f2cb2bd8c11
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: base64

${html.toString("base64")}

--35b1a7f4-6f5c-4b52-8a2e-1f2cb2bd8c11--

--9B095B5ADSN=_01DCDB0A5C3E5F2C00007F0ADB9PR03MB7609
Content-Type: message/delivery-status

Reporting-MTA: dns;DB9PR03MB7609.eurprd03.prod.outlook.com
Received-From-MTA: dns;chapar.shop.example
Arrival-Date: Mon, 4 May 2026 05:42:04 +0000

Original-Recipient: rfc822;${mail.to}
Final-Recipient: rfc822;${mail.to}
Action: ${mail.action ?? "failed"}
Status: ${mail.status ?? "5.1.10"}
Diagnostic-Code: smtp;${mail.diagnostic ?? "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"}
X-Display-Name: Nobody

--9B095B5ADSN=_01DCDB0A5C3E5F2C00007F0ADB9PR03MB7609
Content-Type: message/rfc822

${sent(mail)}
Hello
--9B095B5ADSN=_01DCDB0A5C3E5F2C00007F0ADB9PR03MB7609--
`);
};

/** As Gmail writes it, with words in several parts and a diagnosis on several lines. */
export const gmailBounce = (mail: ReturnedMail): Buffer =>
  lines(`
Delivered-To: ${mail.verp}
Return-Path: <>
Received: from mail-sor-f69.google.com (mail-sor-f69.google.com. [209.85.220.69])
        by mx.shop.example with ESMTPS; Sun, 03 May 2026 22:42:05 -0700 (PDT)
MIME-Version: 1.0
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: ${mail.verp}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: ${mail.messageId}
In-Reply-To: ${mail.messageId}
X-Failed-Recipients: ${mail.to}
Message-ID: <6817a12d.170a0220.2f6a5b.6d3d.GMR@mx.google.com>
Date: Sun, 03 May 2026 22:42:05 -0700 (PDT)
Content-Type: multipart/report; boundary="0000000000008e1f4a0634a3d0b1"; report-type=delivery-status

--0000000000008e1f4a0634a3d0b1
Content-Type: multipart/related; boundary="0000000000008e21d20634a3d0b7"

--0000000000008e21d20634a3d0b7
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to ${mail.to} because the address couldn't be found.

--0000000000008e21d20634a3d0b7--

--0000000000008e1f4a0634a3d0b1
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Sun, 03 May 2026 22:42:04 -0700 (PDT)
X-Original-Message-ID: ${mail.messageId}

Final-Recipient: rfc822; ${mail.to}
Action: ${mail.action ?? "failed"}
Status: ${mail.status ?? "5.1.1"}
Remote-MTA: dns; gmail-smtp-in.l.google.com. (142.250.110.27, the server for the domain gmail.com.)
Diagnostic-Code: smtp; ${(
    mail.diagnostic ??
      "550-5.1.1 The email account that you tried to reach does not exist. Please try\n 550-5.1.1 double-checking the recipient's email address for typos or\n 550 5.1.1 unnecessary spaces. - gsmtp"
  ).replace(/\n/g, "\n ")}
Last-Attempt-Date: Sun, 03 May 2026 22:42:05 -0700 (PDT)

--0000000000008e1f4a0634a3d0b1
Content-Type: message/rfc822

${sent(mail)}
Hello
--0000000000008e1f4a0634a3d0b1--
`);

/** In words alone, as qmail writes it (QSBMF). */
export const qmailBounce = (mail: ReturnedMail, reason: string): Buffer =>
  lines(`
Return-Path: <>
Received: (qmail 20412 invoked for bounce); 4 May 2026 05:42:05 -0000
Date: 4 May 2026 05:42:05 -0000
From: MAILER-DAEMON@old.example
To: ${mail.verp}
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<${mail.to}>:
${reason}

--- Below this line is a copy of the message.

${sent(mail)}
You have 550 4.4.1 reasons to come back.
`);

/** What its reader's mail program wrote when it was called spam (RFC 5965), addressed to whoever minds complaints. */
export const complaint = (mail: ReturnedMail, type = "abuse"): Buffer =>
  lines(`
Return-Path: <fbl@provider.example>
From: <fbl@provider.example>
Date: Mon, 4 May 2026 06:00:11 +0000
Subject: FW: Hello
To: <fbl@shop.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP
192.0.2.10 on Mon, 4 May 2026 05:42:03 +0000.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <redacted@provider.example>
Received-Date: Mon, 4 May 2026 05:42:03 +0000
Source-IP: 192.0.2.10

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

${sent({ ...mail, to: "redacted@provider.example", verp: "redacted@provider.example" })}
Hello
--part1_13d.2e68ed54_boundary--
`);

/** Somebody is away (RFC 3834). */
export const outOfOffice = (mail: ReturnedMail): Buffer =>
  lines(`
Return-Path: <>
From: Sara <${mail.to}>
To: <${mail.verp}>
Subject: Automatic reply: Hello
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All
In-Reply-To: ${mail.messageId}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

I am away until 5.1.1405 and read no mail. In urgent cases call 550 5.1.1.
`);

/** A person writes. */
export const letter = (from: string, to: string, subject = "unsubscribe"): Buffer =>
  lines(`
Return-Path: <${from}>
From: <${from}>
To: <${to}>
Subject: ${subject}
Message-ID: <CAJ1@mail.example.com>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

please
`);
