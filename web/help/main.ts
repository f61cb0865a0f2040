import "../shared/tokens.css";
import "../shared/base.css";
import { applyScheme } from "../shared/scheme";
import "./help.css";

applyScheme("auto");
