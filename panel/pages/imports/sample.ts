/** Download name of the sample. */
export const sampleName = "chapar-sample.csv";

/** A small file in the shape of a OneSignal export: an Android user named Test, an iPhone, and a row to be rejected. */
export const sampleCsv = `${[
  "id,identifier,device_type,device_model,session_count,device_os,game_version,language,tags,created_at,last_active,external_user_id",
  '7c1f0a52-3b7e-4d0e-9a55-0d2f6b8e1c01,sample-android-token,1,SM-G991B,14,13,5.2.0,fa,"{""city"":""tehran"",""plan"":""gold""}",2024-01-19 06:40:55,2024-05-02 18:21:07,Test',
  `0be6f7d4-92c1-4f4b-8f0c-7a41d5c3e202,${"9f3c1b7a5e2d4c6f".repeat(4)},0,"iPhone15,2",3,17.4,5.1.9,en,{},2024-01-07 12:00:00,2024-04-28 09:02:11,maryam`,
  "d2a94c3e-5d18-4b2c-b0a7-61f0e9b8a303,row-without-a-device-type,,Pixel 8,1,14,5.2.0,en,{},2024-03-15 07:45:30,2024-03-15 07:45:30,",
].join("\n")}\n`;

/** Hands the text to the browser as a file. */
export function downloadText(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
