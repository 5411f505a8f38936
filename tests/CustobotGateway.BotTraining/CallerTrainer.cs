using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotTraining;

/// <summary>Learns the weights of a caller's two parts.</summary>
internal static class CallerTrainer
{
    private const int Version = 1;
    private const int Digits = 4;

    // How strongly the weights are drawn to what theory expects. Chosen by cross-validation among 1, 3, 10 and 30; the figures hardly move between them.
    private const double HeaderPenalty = 3;
    private const double VisitPenalty = 10;

    // Where a caller starts who shows nothing. It is not learnt: a program that drives a window shows as little as a person, and how many of them there are
    // among the rows is no fact about callers. The calibration moves all scores to the mixture of the rows.
    private const double Start = -3;

    // What the goals allow of people's requests and visits.
    private const double MostRequestsFlagged = 0.01;
    private const double MostVisitsFlagged = 0.02;

    // Whatever these rows would allow: below this chance nobody is called automation. People of sources that nobody saw are less kind to a model.
    private const int LeastThreshold = 85;

    /// <summary>The two parts, before they are calibrated.</summary>
    public static (ModelPart Headers, ModelPart Visit) Fit(IReadOnlyList<CallerRow> rows)
    {
        var requests = rows.Where(row => row.Visit is null).ToArray();
        var headers = Part(Weighted(requests, row => (BitsOf(row.Reading.Features), null, 0)), HeaderFeatureTexts.All, HeaderPenalty, Start);
        var ordered = headers.InOrder(HeaderFeatureTexts.All, 1);
        // The second part learns what the first leaves open.
        var visits = rows.Where(row => row.VisitValues is not null).ToArray();
        var visit = Part(Weighted(visits, row => (Places, row.VisitValues, Sum(headers.Bias, ordered, row.Reading.Features))), VisitFeatureTexts.All, VisitPenalty);
        return (headers, visit);
    }

    /// <summary>The sum of both parts for a row.</summary>
    public static double Sum((ModelPart Headers, ModelPart Visit) parts, CallerRow row)
    {
        var sum = Sum(parts.Headers.Bias, parts.Headers.InOrder(HeaderFeatureTexts.All, 1), row.Reading.Features);
        if (row.VisitValues is { } values)
        {
            var weights = parts.Visit.InOrder(VisitFeatureTexts.All, 1);
            sum += parts.Visit.Bias;
            for (var i = 0; i < values.Length; i++)
            {
                sum += weights[i] * values[i];
            }
        }
        return sum;
    }

    /// <summary>Each row's sum by a model that saw no row of its maker.</summary>
    public static double[] CrossValidate(IReadOnlyList<CallerRow> rows)
    {
        var folds = Folds.Assign([.. rows.Select(row => (row.Id, (row.IsSoftware ? "software" : "human") + (row.Visit is null ? "" : " visit"), row.Maker))]);
        var sums = new double[rows.Count];
        for (var fold = 0; fold < Folds.Count; fold++)
        {
            var parts = Fit([.. rows.Where((_, i) => folds[i] != fold)]);
            for (var i = 0; i < rows.Count; i++)
            {
                if (folds[i] == fold)
                {
                    sums[i] = Sum(parts, rows[i]);
                }
            }
        }
        return sums;
    }

    /// <summary>The whole weights file.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="sums">Each row's sum by a model that did not see it.</param>
    /// <param name="rowsHash">SHA-256 of the rows' file.</param>
    public static ScoringWeights Train(IReadOnlyList<CallerRow> rows, double[] sums, byte[] rowsHash)
    {
        var parts = Fit(rows);
        var platt = Measure.Platt([.. rows.Select((row, i) => (sums[i], row.IsSoftware))]);
        var calibration = new Calibration(Math.Round(platt.Scale, Digits), Math.Round(platt.Shift, Digits));
        return new()
        {
            Version = Version,
            TrainedOn = Convert.ToHexStringLower(SHA256.HashData([.. rowsHash, .. Encoding.UTF8.GetBytes(FeatureList())])),
            Prior = Math.Round(rows.Count(row => row.IsSoftware) / (double)rows.Count, Digits),
            Threshold = ThresholdOf(rows, sums, calibration),
            Calibration = calibration,
            Headers = parts.Headers,
            Visit = parts.Visit,
        };
    }

    public static int Score(double sum, Calibration calibration) =>
        (int)Math.Round(100 / (1 + Math.Exp(-((calibration.Scale * sum) + calibration.Shift))), MidpointRounding.AwayFromZero);

    private static int ThresholdOf(IReadOnlyList<CallerRow> rows, double[] sums, Calibration calibration)
    {
        var scores = sums.Select(sum => Score(sum, calibration)).ToArray();
        double Flagged(int threshold, bool visits)
        {
            var people = Enumerable.Range(0, rows.Count).Where(i => !rows[i].IsSoftware && rows[i].Visit is not null == visits).ToArray();
            return people.Count(i => scores[i] >= threshold) / (double)people.Length;
        }
        return Enumerable.Range(LeastThreshold, 101 - LeastThreshold).First(threshold => Flagged(threshold, false) <= MostRequestsFlagged && Flagged(threshold, true) <= MostVisitsFlagged);
    }

    private static string FeatureList() =>
        string.Join('\n', HeaderFeatureTexts.All.Concat(VisitFeatureTexts.All).Select(text => FormattableString.Invariant($"{text.Code} {text.Expected} {text.Least} {text.Most}")));

    // Rows of one maker are near copies: each maker counts by the root of its rows, and both classes the same.
    private static List<LogisticRow> Weighted(CallerRow[] rows, Func<CallerRow, (int[] Features, double[]? Values, double Offset)> read)
    {
        var makers = rows.GroupBy(row => (row.Maker, row.IsSoftware)).ToDictionary(group => group.Key, group => 1 / Math.Sqrt(group.Count()));
        var totals = rows.GroupBy(row => row.IsSoftware).ToDictionary(group => group.Key, group => group.Sum(row => makers[(row.Maker, row.IsSoftware)]));
        return
        [
            .. rows.Select(row =>
            {
                var (features, values, offset) = read(row);
                var weight = makers[(row.Maker, row.IsSoftware)] / totals[row.IsSoftware] * rows.Length / 2;
                return new LogisticRow(features, values ?? Enumerable.Repeat(1.0, features.Length).ToArray(), offset, row.IsSoftware, weight);
            }),
        ];
    }

    private static ModelPart Part(List<LogisticRow> rows, IReadOnlyList<FeatureText> features, double penalty, double? fixedBias = null)
    {
        var (bias, weights) = Logistic.Fit(rows, features, penalty, fixedBias);
        var named = features.Select((feature, i) => KeyValuePair.Create(feature.Code, Math.Round(weights[i], Digits))).Where(pair => pair.Value != 0);
        return new(Math.Round(bias, Digits), named.ToDictionary());
    }

    private static double Sum(double bias, double[] weights, ulong features)
    {
        var sum = bias;
        for (var left = features; left != 0; left &= left - 1)
        {
            sum += weights[BitOperations.TrailingZeroCount(left)];
        }
        return sum;
    }

    private static readonly int[] Places = [.. Enumerable.Range(0, (int)VisitFeature.Count)];

    private static int[] BitsOf(ulong features) => [.. Enumerable.Range(0, (int)HeaderFeature.Count).Where(i => (features >> i & 1) != 0)];
}
