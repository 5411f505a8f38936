namespace CustobotGateway.Common.Preferences;

/// <summary>Knows whether preferences can be wished of this shop's catalogue. Who keeps preferences knows no catalogue, so whoever does registers this.</summary>
public interface IPreferenceRules
{
    /// <summary>What is wrong with them, with pointers into the preferences; empty if they can be kept.</summary>
    IReadOnlyList<FieldError> FaultsOf(BuyingPreferences preferences);
}
