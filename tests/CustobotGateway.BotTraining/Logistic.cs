using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotTraining;

/// <summary>One row of a logistic regression: the features that are not nothing.</summary>
/// <param name="Features">Their places.</param>
/// <param name="Values">Their values.</param>
/// <param name="Offset">What is added to the sum before anything is learnt.</param>
/// <param name="IsSoftware">The label.</param>
/// <param name="Weight">How much the row counts.</param>
internal sealed record LogisticRow(int[] Features, double[] Values, double Offset, bool IsSoftware, double Weight);

/// <summary>
/// Logistic regression with a penalty on the squared distance of each weight from what theory expects, and bounds on each, by coordinate descent: one Newton step a feature, in a fixed order, for a fixed number
/// of rounds, on one thread. The same rows give the same weights to the last bit on the same machine, and to the digits that are written on any.
/// </summary>
internal static class Logistic
{
    private const int Rounds = 60;
    private const double LongestStep = 1;
    private const double LeastCurvature = 1e-9;

    /// <summary>The bias and the weights.</summary>
    public static (double Bias, double[] Weights) Fit(IReadOnlyList<LogisticRow> rows, IReadOnlyList<FeatureText> features, double penalty, double? fixedBias = null)
    {
        var weights = features.Select(feature => feature.Expected).ToArray();
        var bias = fixedBias ?? 0;
        var sums = rows.Select(row => bias + row.Offset + row.Features.Select((feature, i) => weights[feature] * row.Values[i]).Sum()).ToArray();
        var byFeature = Columns(rows, features.Count);
        for (var round = 0; round < Rounds; round++)
        {
            bias += fixedBias is not null ? 0 : Move(rows, sums, null, 0, Free, 0);
            for (var feature = 0; feature < weights.Length; feature++)
            {
                weights[feature] += Move(rows, sums, byFeature[feature], weights[feature], features[feature], penalty);
            }
        }
        return (bias, weights);
    }

    private static readonly FeatureText Free = new("", "", 0, double.NegativeInfinity, double.PositiveInfinity);

    private static double Move(IReadOnlyList<LogisticRow> rows, double[] sums, (int Row, double Value)[]? column, double weight, FeatureText feature, double penalty)
    {
        var (slope, curvature) = (penalty * (weight - feature.Expected), penalty + LeastCurvature);
        var count = column?.Length ?? rows.Count;
        for (var i = 0; i < count; i++)
        {
            var (at, value) = column is null ? (i, 1) : column[i];
            var chance = 1 / (1 + Math.Exp(-sums[at]));
            slope += rows[at].Weight * (chance - (rows[at].IsSoftware ? 1 : 0)) * value;
            curvature += rows[at].Weight * chance * (1 - chance) * value * value;
        }
        var moved = Math.Clamp(weight + Math.Clamp(-slope / curvature, -LongestStep, LongestStep), feature.Least, feature.Most) - weight;
        for (var i = 0; moved != 0 && i < count; i++)
        {
            var (at, value) = column is null ? (i, 1) : column[i];
            sums[at] += moved * value;
        }
        return moved;
    }

    private static (int Row, double Value)[][] Columns(IReadOnlyList<LogisticRow> rows, int features)
    {
        var columns = new List<(int, double)>[features];
        for (var i = 0; i < features; i++)
        {
            columns[i] = [];
        }
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < rows[i].Features.Length; j++)
            {
                columns[rows[i].Features[j]].Add((i, rows[i].Values[j]));
            }
        }
        return [.. columns.Select(column => column.ToArray())];
    }
}
