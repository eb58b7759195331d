import { PolicyPack } from "@pulumi/policy";
import { receiveConfiguration } from "./lib/receive-configuration";
import { rules } from "./rules";

receiveConfiguration("pack-configuration");
new PolicyPack("netra", { policies: [...rules] });
