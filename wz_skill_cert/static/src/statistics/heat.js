import { registry } from "@web/core/registry";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";

/**
 * A pivot whose cells are the darker the more they hold, each measure for itself.
 * Sums of rows and columns keep their plain ground: they would outshine what they sum.
 */
export class HeatRenderer extends PivotRenderer {
    static template = "wz_skill_cert.HeatRenderer";

    /** The share of the largest cell of the same measure, 0 to 1. */
    heat(cell) {
        if (cell.isBold || typeof cell.value !== "number" || cell.value <= 0) {
            return 0;
        }
        return cell.value / this.largest[cell.measure];
    }

    get largest() {
        if (this.heatedTable !== this.table) {
            this.heatedTable = this.table;
            this.largestByMeasure = {};
            for (const cell of this.table.rows.flatMap((row) => row.subGroupMeasurements)) {
                if (!cell.isBold && typeof cell.value === "number") {
                    const before = this.largestByMeasure[cell.measure] || 0;
                    this.largestByMeasure[cell.measure] = Math.max(before, cell.value);
                }
            }
        }
        return this.largestByMeasure;
    }

    heatStyle(cell) {
        const heat = this.heat(cell);
        // Steeper at the cold end, where most cells are; never so dark that its number could not be read.
        return heat ? `--skill-cert-heat: ${Math.round(10 + 60 * heat ** 0.7)}%` : "";
    }
}

registry.category("views").add("skill_cert_heat", { ...pivotView, Renderer: HeatRenderer });
