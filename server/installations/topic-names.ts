/** `public/sport` and `sport` name the same topic. */
export const publicTopic = (name: string): string => name.replace(/^public\//, "");

/** A topic of each user's own: `private/sport` of one is not that of another. */
export const isPrivateTopic = (topic: string): boolean => topic.startsWith("private/");
