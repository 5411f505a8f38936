using CustobotGateway.Common.Pages;

namespace CustobotGateway.Console;

/// <summary>The pages that staff go to from everywhere.</summary>
internal static class StaffLinks
{
    public static readonly IReadOnlyList<PageLink> All =
        [new("/staff", "Today"), new("/staff/callers", "Callers"), new("/staff/rules", "Rules"), new("/staff/trust", "Trust"), new("/staff/cases", "Cases"),
            new("/staff/webhooks", "Webhooks")];
}
