using System.Security.Cryptography;
using System.Text;

namespace CustobotGateway.BotTraining;

/// <summary>Ten folds grouped by what made the rows: rows of one maker never stand on both sides. A class that has one maker only is split by row.</summary>
internal static class Folds
{
    public const int Count = 10;

    /// <summary>The fold of each row.</summary>
    /// <param name="rows">The rows' ids, their classes, within which makers are spread evenly, and their makers.</param>
    public static int[] Assign(IReadOnlyList<(string Id, string Class, string Maker)> rows)
    {
        var folds = new int[rows.Count];
        var sizes = new int[Count];
        var order = Enumerable.Range(0, rows.Count).ToArray();
        foreach (var members in order.GroupBy(i => rows[i].Class).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var one = members.Select(i => rows[i].Maker).Distinct().Count() == 1;
            var groups = members.GroupBy(i => one ? rows[i].Id : rows[i].Maker).OrderByDescending(group => group.Count()).ThenBy(group => Hash(group.Key), StringComparer.Ordinal);
            var ofClass = new int[Count];
            foreach (var group in groups)
            {
                // The largest first, each into the fold that has the least of this class.
                var fold = Enumerable.Range(0, Count).OrderBy(i => ofClass[i]).ThenBy(i => sizes[i]).First();
                foreach (var i in group)
                {
                    folds[i] = fold;
                }
                ofClass[fold] += group.Count();
                sizes[fold] += group.Count();
            }
        }
        return folds;
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
