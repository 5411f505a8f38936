using CustobotGateway.Common.Pages;
using CustobotGateway.Common.Preferences;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.Delegation.Pages;

namespace CustobotGateway.Identity.People;

/// <summary>What a person adds to what a client asks: whose clock the days are of, and what the person would rather have. Neither allows the client more.</summary>
/// <param name="TimeZone">IANA.</param>
/// <param name="Preferences">Wishes; <see cref="BuyingPreferences.None"/> for none.</param>
internal sealed record GrantTerms(string TimeZone, BuyingPreferences Preferences)
{
    /// <summary>The preferences to keep; null where nothing was said.</summary>
    public BuyingPreferences? Said => Preferences == BuyingPreferences.None ? null : Preferences;

    /// <summary>What the form of a decision holds, and what is wrong with it, as the page says it; null if nothing is. A form without the questions answers them as the person's account does.</summary>
    public static (GrantTerms Terms, string? Fault) Read(IFormCollection form, SignedInPerson person, IPreferenceRules rules)
    {
        var zone = form.Field("time_zone") is { } chosen && ZoneNames.Has(chosen) ? chosen : person.TimeZone;
        var (preferences, faults) = PreferencesForm.Read(form);
        var terms = new GrantTerms(zone, preferences);
        if (faults.Count > 0)
        {
            return (terms, faults[0]);
        }
        return (terms, SetPreferences.FaultOf(preferences, rules) is { } problem ? (problem.Errors.Count > 0 ? problem.Errors[0].Detail : problem.Detail) : null);
    }
}
