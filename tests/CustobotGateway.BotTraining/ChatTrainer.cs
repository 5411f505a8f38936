using System.Security.Cryptography;
using System.Text;
using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotTraining;

/// <summary>Learns the weights of conversations.</summary>
internal static class ChatTrainer
{
    private const int Version = 1;
    private const int Digits = 4;
    private const double Penalty = 1;

    /// <summary>A linear sum of measures against their averages.</summary>
    internal sealed record Sum(double Bias, double[] Weights, double[] Averages)
    {
        public double Of(double[] values)
        {
            var sum = Bias;
            for (var i = 0; i < values.Length; i++)
            {
                sum += Weights[i] * (values[i] - Averages[i]);
            }
            return sum;
        }
    }

    /// <summary>Learns from each conversation twice: whole, and as it stood after three messages.</summary>
    public static Sum Fit(IReadOnlyList<ChatRow> rows)
    {
        var count = (int)ChatFeature.Count;
        var samples = rows.SelectMany(row => new[] { row.All, row.AfterThree }.OfType<double[]>().Select(values => (values, row.IsSoftware))).ToArray();
        var averages = Enumerable.Range(0, count).Select(i => Math.Round(samples.Average(sample => sample.values[i]), Digits)).ToArray();
        var of = samples.GroupBy(sample => sample.IsSoftware).ToDictionary(group => group.Key, group => group.Count());
        var places = Enumerable.Range(0, count).ToArray();
        var learnt = samples.Select(sample => new LogisticRow(places, [.. sample.values.Select((value, i) => value - averages[i])], 0, sample.IsSoftware, samples.Length / 2.0 / of[sample.IsSoftware]));
        var (bias, weights) = Logistic.Fit([.. learnt], [.. ChatFeatureTexts.All.Select(text => text.Weight)], Penalty);
        return new(Math.Round(bias, Digits), [.. weights.Select(weight => Math.Round(weight, Digits))], averages);
    }

    /// <summary>Each conversation's sums by a model that saw neither it nor its model's family: the whole one, and after three messages.</summary>
    public static (double All, double AfterThree)[] CrossValidate(IReadOnlyList<ChatRow> rows)
    {
        var sums = new (double, double)[rows.Count];
        string[] families = [.. rows.Select(row => row.Family).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        // People are of one source and split by row; a half of them is held out with each family.
        foreach (var (family, fold) in families.Select((family, fold) => (family, fold)))
        {
            bool IsOut(int i) => rows[i].Family == family || (!rows[i].IsSoftware && Fold(rows[i].Id, families.Length) == fold);
            var sum = Fit([.. rows.Where((_, i) => !IsOut(i))]);
            for (var i = 0; i < rows.Count; i++)
            {
                if (IsOut(i))
                {
                    sums[i] = (sum.Of(rows[i].All!), sum.Of(rows[i].AfterThree!));
                }
            }
        }
        return sums;
    }

    /// <summary>The whole weights file.</summary>
    public static ChatWeights Train(IReadOnlyList<ChatRow> rows, (double All, double AfterThree)[] sums, byte[] rowsHash)
    {
        var fitted = Fit(rows);
        var platt = Measure.Platt([.. rows.SelectMany((row, i) => new[] { (sums[i].All, row.IsSoftware), (sums[i].AfterThree, row.IsSoftware) })]);
        return new()
        {
            Version = Version,
            TrainedOn = Convert.ToHexStringLower(SHA256.HashData([.. rowsHash, .. Encoding.UTF8.GetBytes(FeatureList())])),
            Prior = Math.Round(rows.Count(row => row.IsSoftware) / (double)rows.Count, Digits),
            Calibration = new(Math.Round(platt.Scale, Digits), Math.Round(platt.Shift, Digits)),
            Bias = fitted.Bias,
            Weights = ChatFeatureTexts.All.Select((text, i) => KeyValuePair.Create(text.Code, new ChatWeight(fitted.Weights[i], fitted.Averages[i]))).Where(pair => pair.Value.Weight != 0).ToDictionary(),
        };
    }

    internal static int Fold(string id, int folds) => SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] % folds;

    private static string FeatureList() =>
        string.Join('\n', ChatFeatureTexts.All.Select(text => FormattableString.Invariant($"{text.Code} {text.Weight.Expected} {text.Weight.Least} {text.Weight.Most} {text.IsTypography}")));
}
