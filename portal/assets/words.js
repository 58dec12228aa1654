// How values are written for a reader of Chinese.

const DIGITS = "〇一二三四五六七八九";

function chineseNumber(number) {
  if (!(number > 0 && number < 100)) return String(number);
  const tens = Math.floor(number / 10);
  const ones = number % 10;
  return (tens < 2 ? "" : DIGITS[tens]) + (tens ? "十" : "") + (ones ? DIGITS[ones] : "");
}

/** 2024-05-17 as 2024年5月17日: a calendar date has no time zone, so it is never made a Date. */
export function dateWords(written) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written ?? "");
  return parts ? `${parts[1]}年${Number(parts[2])}月${Number(parts[3])}日` : "";
}

const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "long" });

/** A moment in UTC as the day it was in China. */
export function dayWords(moment) {
  const when = new Date(moment ?? "");
  return Number.isNaN(when.getTime()) ? "" : DAY.format(when);
}

/** 区政协十五届三次会议, as much of it as is known. */
export function meetingWords(submission) {
  if (!submission) return "";
  const term = submission.term ? `${chineseNumber(submission.term)}届` : "";
  const session = submission.session ? `${chineseNumber(submission.session)}次会议` : "";
  return (submission.body ?? "") + term + session;
}

export function numberWords(submission) {
  return (submission?.numbers ?? []).map((number) => `第${number}号`).join("、");
}

/** The word by which rows are filtered: the meaning where there is one. */
export function resultWord(result) {
  if (!result) return "";
  if (typeof result === "string") return result;
  return result.normalised || (result.raw ?? "").replace(/\s+/gu, "");
}
