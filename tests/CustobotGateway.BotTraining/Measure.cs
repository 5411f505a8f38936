namespace CustobotGateway.BotTraining;

/// <summary>Measures of a score.</summary>
internal static class Measure
{
    /// <summary>The chance that a row of software has the higher score than one of a person; equal ones count half.</summary>
    public static double Auc(IEnumerable<(double Score, bool IsSoftware)> rows)
    {
        var sorted = rows.OrderBy(row => row.Score).ToArray();
        double above = 0, software = 0, people = 0;
        for (var i = 0; i < sorted.Length;)
        {
            var (from, here, others) = (i, 0, 0);
            for (; i < sorted.Length && sorted[i].Score == sorted[from].Score; i++)
            {
                (here, others) = sorted[i].IsSoftware ? (here + 1, others) : (here, others + 1);
            }
            above += here * (people + (others / 2.0));
            (software, people) = (software + here, people + others);
        }
        return above / (software * people);
    }

    /// <summary>Platt's scale and shift: a logistic regression of the label on the sum, with his smoothed targets.</summary>
    public static (double Scale, double Shift) Platt(IReadOnlyList<(double Sum, bool IsSoftware)> rows)
    {
        var software = rows.Count(row => row.IsSoftware);
        var (high, low) = ((software + 1.0) / (software + 2.0), 1 / (rows.Count - software + 2.0));
        var (scale, shift) = (1.0, 0.0);
        for (var round = 0; round < 50; round++)
        {
            double slopeA = 0, slopeB = 0, aa = 1e-9, ab = 0, bb = 1e-9;
            foreach (var (sum, isSoftware) in rows)
            {
                var chance = 1 / (1 + Math.Exp(-((scale * sum) + shift)));
                var (miss, curve) = (chance - (isSoftware ? high : low), chance * (1 - chance));
                slopeA += miss * sum;
                slopeB += miss;
                aa += curve * sum * sum;
                ab += curve * sum;
                bb += curve;
            }
            var determinant = (aa * bb) - (ab * ab);
            var (stepA, stepB) = (((bb * slopeA) - (ab * slopeB)) / determinant, ((aa * slopeB) - (ab * slopeA)) / determinant);
            // A Newton step that would leave the region where it can be trusted is shortened.
            var shorten = Math.Min(1, 0.5 / Math.Max(Math.Abs(stepA), Math.Abs(stepB) / 4));
            (scale, shift) = (scale - (stepA * shorten), shift - (stepB * shorten));
        }
        return (scale, shift);
    }
}
