/** What a trend of a message can show. */
export const trendMeasures = ["sent", "delivered", "seen", "clicked", "failed"] as const;
export type TrendMeasure = (typeof trendMeasures)[number];
