import { z } from "zod";
import { permissions, roles } from "./roles.ts";

export const Permission = z.enum(permissions).meta({ id: "Permission" });

export const Role = z
  .enum(roles)
  .describe(
    "`owner` and `admin` may do everything, but only an owner makes and unmakes owners; `marketer` all but providers, settings and people of the team; `campaign_manager` sends and follows campaigns; `analyst` sees numbers; `support` sees users, their devices and messages",
  )
  .meta({ id: "Role" });
