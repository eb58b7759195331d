import fc from "fast-check";
import {
    burstMbps,
    type ConnectorSize,
    connectorNameProblems,
    connectorRangeProblems,
    demandMbps,
    describeProblem,
    explain,
    InvalidValueError,
    incidentWorkload,
    judge,
    machineTypes,
    mostBurstMbps,
    peakMbps,
    recommend,
    requiredMbps,
    saturationMbps,
    sizeProblems,
    type Workload,
    workloadProblems,
} from "../../capacity";

const oldSize: ConnectorSize = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };

const workloads = fc.record({
    instances: fc.integer({ min: 1, max: 200 }),
    startupMegabytes: fc.double({ min: 0.1, max: 400, noNaN: true }),
    startupSeconds: fc.double({ min: 0.5, max: 60, noNaN: true }),
    headroom: fc.double({ min: 0, max: 2, noNaN: true }),
});

const sizes = fc
    .record({
        machineType: fc.constantFrom("f1-micro", "e2-micro", "e2-standard-4" as const),
        minInstances: fc.integer({ min: 2, max: 9 }),
        above: fc.integer({ min: 1, max: 8 }),
    })
    .map(({ machineType, minInstances, above }) => ({
        machineType: machineType as ConnectorSize["machineType"],
        minInstances,
        maxInstances: Math.min(10, minInstances + above),
    }));

function workload(changes: Partial<Workload> = {}): Workload {
    return { ...incidentWorkload, ...changes };
}

describe("the incident", () => {
    it("judges 2 to 3 x e2-micro undersized, and says what limits it", () => {
        expect(judge(oldSize, incidentWorkload)).toMatchObject({
            verdict: "undersized",
            burstMbps: 200,
            peakMbps: 300,
            demandMbps: 750,
            requiredMbps: 937.5,
            shortfallMbps: 737.5,
            limitedBy: "machineType",
            carriesInstances: 3,
            transferSeconds: 15,
        });
    });

    it("recommends a larger machine type, which is judged sufficient", () => {
        const recommendation = recommend(incidentWorkload);
        expect(recommendation).toMatchObject({
            kind: "connector",
            size: { machineType: "e2-standard-4", minInstances: 2, maxInstances: 4 },
        });
        if (recommendation.kind !== "connector") throw new Error("no connector");
        expect(judge(recommendation.size, incidentWorkload)).toMatchObject({ verdict: "sufficient", shortfallMbps: 0 });
    });

    it("explains the shortfall in words and numbers, with the fix", () => {
        const text = explain(judge(oldSize, incidentWorkload));
        expect(text).toContain("2 to 3 x e2-micro carries 200 Mbps");
        expect(text).toContain("937.5 Mbps with 25 % headroom: 737.5 Mbps short");
        expect(text).toContain("Set machineType e2-standard-4, minInstances 2, maxInstances 4.");
    });

    it("explains a sufficient size without a shortfall", () => {
        const text = explain(
            judge({ machineType: "e2-standard-4", minInstances: 2, maxInstances: 4 }, incidentWorkload),
        );
        expect(text).toContain("carries 3200 Mbps");
        expect(text).not.toContain("short");
    });
});

describe("throughput of a size", () => {
    it.each([
        ["f1-micro", 2, 10, 100, 500],
        ["e2-micro", 2, 10, 200, 1000],
        ["e2-standard-4", 2, 10, 3200, 16000],
    ] as const)(
        "%s from %i to %i instances carries %i to %i Mbps, as Google's table says",
        (machineType, minInstances, maxInstances, burst, peak) => {
            const size = { machineType, minInstances, maxInstances };
            expect([burstMbps(size), peakMbps(size)]).toEqual([burst, peak]);
        },
    );

    it("prices every machine type, as of a date", () => {
        for (const type of machineTypes) expect(type.usdPerInstanceHour).toBeGreaterThan(0);
    });
});

describe("required throughput of a workload", () => {
    it("is instances x megabytes x 8 / seconds, plus headroom", () => {
        expect(demandMbps(workload({ instances: 12, startupMegabytes: 25, startupSeconds: 8 }))).toBe(300);
        expect(requiredMbps(workload({ instances: 12, startupMegabytes: 25, startupSeconds: 8, headroom: 0.5 }))).toBe(
            450,
        );
    });

    it("has no noise of binary fractions", () => {
        expect(requiredMbps(workload({ instances: 3, startupMegabytes: 10, startupSeconds: 0.8, headroom: 0.1 }))).toBe(
            330,
        );
    });

    it.each([
        ["instances", 0],
        ["instances", 1.5],
        ["instances", "15"],
        ["startupMegabytes", 0],
        ["startupMegabytes", Number.NaN],
        ["startupSeconds", -1],
        ["startupSeconds", Number.POSITIVE_INFINITY],
        ["headroom", -0.01],
        ["headroom", undefined],
    ])("refuses %s of %p", (field, value) => {
        expect(workloadProblems({ ...incidentWorkload, [field]: value }).map((p) => p.field)).toEqual([field]);
        expect(() => requiredMbps({ ...incidentWorkload, [field]: value } as Workload)).toThrow(InvalidValueError);
    });

    it("accepts the edges: one instance, no headroom", () => {
        expect(workloadProblems(workload({ instances: 1, headroom: 0 }))).toEqual([]);
    });
});

describe("recommendation", () => {
    it("takes exactly as many instances as the throughput needs, one more when it needs a little more", () => {
        const exact = workload({ instances: 5, startupMegabytes: 12.5, startupSeconds: 1, headroom: 0 });
        expect(recommend(exact)).toMatchObject({
            size: { machineType: "e2-micro", minInstances: 5, maxInstances: 10 },
        });
        expect(recommend({ ...exact, startupMegabytes: 12.51 })).toMatchObject({ size: { minInstances: 6 } });
    });

    it("takes the largest e2-micro up to 900 Mbps and e2-standard-4 past it", () => {
        const at = (mbps: number) =>
            recommend(workload({ instances: 1, startupMegabytes: mbps / 8, startupSeconds: 1, headroom: 0 }));
        expect(at(900)).toMatchObject({ size: { machineType: "e2-micro", minInstances: 9, maxInstances: 10 } });
        expect(at(901)).toMatchObject({ size: { machineType: "e2-standard-4", minInstances: 2 } });
        expect(at(mostBurstMbps)).toMatchObject({ size: { machineType: "e2-standard-4", minInstances: 9 } });
    });

    it("never recommends f1-micro, however small the workload", () => {
        expect(recommend(workload({ instances: 1, startupMegabytes: 1 }))).toMatchObject({
            size: { machineType: "e2-micro" },
        });
    });

    it("says that no connector carries a workload beyond the largest, and names Direct VPC egress", () => {
        const tooMuch = workload({
            instances: 1,
            startupMegabytes: (mostBurstMbps + 1) / 8,
            startupSeconds: 1,
            headroom: 0,
        });
        const recommendation = recommend(tooMuch);
        expect(recommendation).toMatchObject({ kind: "none", mostMbps: 14400 });
        expect(recommendation.kind === "none" && recommendation.reason).toContain("Direct VPC egress");
        expect(judge(oldSize, tooMuch).limitedBy).toBe("connector");
        expect(explain(judge(oldSize, tooMuch))).toContain("Direct VPC egress");
    });

    it("always carries its workload, within the limits", () => {
        fc.assert(
            fc.property(workloads, (load) => {
                const recommendation = recommend(load);
                if (recommendation.kind === "none") return requiredMbps(load) > mostBurstMbps;
                const { size } = recommendation;
                const verdict = judge(size, load);
                return (
                    sizeProblems({ ...size }).length === 0 &&
                    verdict.verdict === "sufficient" &&
                    verdict.carriesInstances >= load.instances &&
                    verdict.transferSeconds <= load.startupSeconds * (1 + 1e-9)
                );
            }),
        );
    });

    it("never gives less throughput for more workload", () => {
        const burst = (load: Workload) => {
            const recommendation = recommend(load);
            return recommendation.kind === "connector" ? burstMbps(recommendation.size) : Number.POSITIVE_INFINITY;
        };
        fc.assert(
            fc.property(
                workloads,
                fc.integer({ min: 0, max: 50 }),
                fc.double({ min: 0, max: 50, noNaN: true }),
                (load, instances, megabytes) => {
                    const more = {
                        ...load,
                        instances: load.instances + instances,
                        startupMegabytes: load.startupMegabytes + megabytes,
                    };
                    return burst(more) >= burst(load);
                },
            ),
        );
    });
});

describe("judgement", () => {
    it("agrees with itself: undersized exactly when there is a shortfall and fewer instances fit", () => {
        fc.assert(
            fc.property(sizes, workloads, (size, load) => {
                const verdict = judge(size, load);
                const undersized = verdict.verdict === "undersized";
                return (
                    undersized === verdict.shortfallMbps > 0 &&
                    undersized === (verdict.limitedBy !== undefined) &&
                    (undersized
                        ? verdict.carriesInstances <= load.instances
                        : verdict.carriesInstances >= load.instances)
                );
            }),
        );
    });

    it("is limited by minInstances when the same machine type could carry it", () => {
        const load = workload({ startupSeconds: 8 });
        expect(judge(oldSize, load)).toMatchObject({ limitedBy: "minInstances", requiredMbps: 468.75 });
        expect(explain(judge(oldSize, load))).toContain("maxInstances does not help a simultaneous start");
    });

    it("is not helped by maxInstances", () => {
        expect(judge({ ...oldSize, maxInstances: 10 }, incidentWorkload).verdict).toBe("undersized");
    });

    it("refuses a size that the API would refuse", () => {
        expect(() => judge({ ...oldSize, minInstances: 12 }, incidentWorkload)).toThrow(/minInstances is 12.*2 to 9/s);
    });
});

describe("saturation", () => {
    it("is what remains of the burst throughput once a simultaneous start is kept free", () => {
        expect(
            saturationMbps({ machineType: "e2-standard-4", minInstances: 2, maxInstances: 4 }, incidentWorkload),
        ).toBe(2450);
    });

    it("stays above zero for a size that is too small", () => {
        expect(saturationMbps(oldSize, incidentWorkload)).toBe(20);
    });
});

describe("limits of the API", () => {
    it.each([
        [{ minInstances: 2, maxInstances: 3 }, []],
        [{ minInstances: 9, maxInstances: 10 }, []],
        [{ minInstances: 1, maxInstances: 3 }, ["minInstances"]],
        [{ minInstances: 10, maxInstances: 10 }, ["minInstances", "maxInstances"]],
        [{ minInstances: 2, maxInstances: 11 }, ["maxInstances"]],
        [{ minInstances: 2, maxInstances: 2 }, ["maxInstances", "maxInstances"]],
        [{ minInstances: 4, maxInstances: 4 }, ["maxInstances"]],
        [{ minInstances: undefined, maxInstances: undefined }, ["minInstances", "maxInstances"]],
        [{ machineType: "n2-standard-8" }, ["machineType"]],
        [{ machineType: undefined }, ["machineType"]],
    ])("%j has problems in %j", (changes, fields) => {
        expect(sizeProblems({ ...oldSize, ...changes }).map((p) => p.field)).toEqual(fields);
    });

    it.each([
        ["staging-connector", true],
        ["ab", true],
        ["a", false],
        ["abcdefghijklmnopqrst", true],
        ["abcdefghijklmnopqrstu", false],
        ["a-b-c-d-e-f-g-h", false],
        ["a-b-c-d-e-f-g", true],
        ["Staging", false],
        ["connector-", false],
        [undefined, false],
    ])("name %p is acceptable: %p", (name, acceptable) => {
        expect(connectorNameProblems(name).length === 0).toBe(acceptable);
    });

    it.each([
        ["10.8.0.0/28", true],
        ["10.8.0.16/28", true],
        ["10.8.0.8/28", false],
        ["10.8.0.0/27", false],
        ["10.8.0.0/29", false],
        ["10.8.0.256/28", false],
        ["10.8.0.0", false],
        [undefined, false],
    ])("range %p is acceptable: %p", (range, acceptable) => {
        expect(connectorRangeProblems(range).length === 0).toBe(acceptable);
    });

    it("names the field, the value, the bound and the fix", () => {
        const [problem] = sizeProblems({ ...oldSize, minInstances: 12 });
        expect(problem && describeProblem(problem)).toBe(
            "minInstances is 12: it must be a whole number, 2 to 9. Set minInstances to a number of connector instances, not of Cloud Run instances.",
        );
    });
});
