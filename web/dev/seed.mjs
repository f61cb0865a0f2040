/** A few conversations for the console. */
export function seed(begin, say, handoff, record, job) {
  const talk = (name, language, topic, lines) => {
    const c = begin("seed", language, name);
    c.topic = topic;
    for (const [author, text, intent, confidence, sentiment] of lines) {
      const turn = say(c, author, text);
      Object.assign(turn, { intent, confidence, sentiment });
      if (sentiment !== undefined) c.sentiment = sentiment;
    }
    return c;
  };
  const a = talk("Ada Okafor", "en", "refund", [
    ["customer", "The lamp I got is broken, I want my money back", "refund", 0.93, -0.4],
    ["bot", "I am sorry about that. What is your order number?"],
    ["customer", "10023", "give_order_number", 0.99, 0],
    ["bot", "Thank you. The refund for order 10023 is with our back office now."],
    ["customer", "This takes forever. Get me a human please", "speak_to_person", 0.97, -0.7],
    ["bot", "I am fetching a person. They will see everything we wrote."],
  ]);
  job(a, "10023");
  handoff(a, "requested", "asked_for_a_person");
  a.handoffs.at(-1).created_at = new Date(Date.now() - 7 * 6e4).toISOString();
  const b = talk("王小明", "zh", "complaint", [
    ["customer", "我的包裹被雨淋湿了，非常不满意！", "complaint", 0.88, -0.8],
    ["bot", "非常抱歉给您带来不便，我马上为您转接人工客服。"],
  ]);
  handoff(b, "system", "complaint");
  talk(null, "en", "track_order", [["customer", "where is my parcel", "track_order", 0.96, 0], ["bot", "Your order 10042 is on its way with DHL."]]);
  talk("Leila Haddad", "en", "change_address", [["customer", "مرحبا، أريد تغيير عنوان التسليم", "change_address", 0.71, 0.1], ["bot", "Of course. What is the new address?"]]);
}
