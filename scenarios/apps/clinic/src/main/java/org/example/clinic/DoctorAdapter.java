package org.example.clinic;

import android.content.Context;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ArrayAdapter;
import android.widget.TextView;

/** Fills the cards of the result list. */
final class DoctorAdapter extends ArrayAdapter<Doctor> {
    DoctorAdapter(Context context) {
        super(context, R.layout.item_doctor);
    }

    @Override
    public View getView(int position, View recycled, ViewGroup parent) {
        View card =
                recycled != null
                        ? recycled
                        : LayoutInflater.from(getContext())
                                .inflate(R.layout.item_doctor, parent, false);
        Doctor doctor = getItem(position);
        set(card, R.id.doctor_initials, doctor.initials());
        set(card, R.id.doctor_name, doctor.name);
        set(card, R.id.doctor_specialty, doctor.specialty);
        set(card, R.id.doctor_place, doctor.place);
        boolean free = !doctor.nextSlot.isEmpty();
        set(
                card,
                R.id.doctor_slot,
                free
                        ? getContext().getString(R.string.next_slot, doctor.nextSlot)
                        : getContext().getString(R.string.no_slot));
        return card;
    }

    private static void set(View card, int id, String text) {
        ((TextView) card.findViewById(id)).setText(text);
    }
}
